// What the folders may know of each other (docs/architecture.md), as sentences about the files that
// break it.

import { isBuiltin } from 'node:module';
import { FOLDERS, type Folder, type Import, type SourceFile } from './imports.ts';

const MAY_IMPORT: Readonly<Record<Folder, readonly Folder[]>> = {
  schemas: [],
  replication: ['schemas'],
  server: ['schemas', 'replication'],
  client: ['schemas', 'replication'],
};

/** Besides each folder's index.ts: what one side must not load. */
const SIDE_DOORS: readonly { readonly from: Folder; readonly to: string }[] = [
  // Ajv compiles to code, which no page's content policy allows.
  { from: 'server', to: 'schemas/validate.ts' },
  // The server does not load RxDB.
  { from: 'server', to: 'replication/core.ts' },
  // Dexie needs a browser's database.
  { from: 'client', to: 'replication/outbox/dexie-ledger.ts' },
];

/** Names that only a browser or only Node has. `globalThis` is read with a check and is allowed. */
const REALM = [
  'window',
  'navigator',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'process',
  'Buffer',
  '__dirname',
  '__filename',
];
/** Used as a value: neither a member, a key, a parameter's name nor a word in a string. */
const realmUse = new RegExp(`(?<![.#\\w$'"\`/-])(${REALM.join('|')})(?=\\s*[.([])`, 'g');
const STRINGS = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g;

const folderOf = (file: string): Folder | undefined =>
  FOLDERS.find((folder) => file.startsWith(`${folder}/`));

/** Starts what has been built, in a place that only it knows. */
const LAUNCHER = 'server/bin.mjs';

function importFault(file: SourceFile, { specifier, target }: Import): string | undefined {
  if (specifier === undefined && file.path === LAUNCHER) return undefined;
  if (specifier === undefined)
    return 'imports by a computed name, which nobody can follow: write the name out.';
  if (specifier === 'rxdb/plugins/dev-mode') return 'imports dev-mode, which is for tests.';
  const browserToo = file.folder !== 'server';
  if (browserToo && isBuiltin(specifier)) return `imports ${specifier}, which only Node has.`;
  if (target === undefined) return undefined;
  const folder = folderOf(target);
  if (folder === undefined) return `imports ${target}, outside the four source folders.`;
  if (folder === file.folder) return undefined;
  if (!MAY_IMPORT[file.folder].includes(folder))
    return `imports ${target}: ${file.folder}/ must not know ${folder}/.`;
  const isDoor =
    target === `${folder}/index.ts` ||
    SIDE_DOORS.some(({ from, to }) => from === file.folder && to === target);
  return isDoor ? undefined : `imports ${target}: enter ${folder}/ through ${folder}/index.ts.`;
}

const realmFaults = (file: SourceFile): readonly string[] =>
  file.folder === 'server' || file.folder === 'client'
    ? []
    : [...file.code.replaceAll(STRINGS, "''").matchAll(realmUse)].map(
        ([, name]) => `uses ${name}, which not every place that runs ${file.folder}/ has.`,
      );

/** Each cycle once, as the way round it. */
function cyclesOf(files: readonly SourceFile[]): readonly string[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: SourceFile, way: readonly string[]): void => {
    const start = way.indexOf(file.path);
    if (start >= 0) {
      cycles.push(`${[...way.slice(start), file.path].join(' -> ')} is a cycle.`);
      return;
    }
    if (done.has(file.path)) return;
    for (const { target } of file.imports) {
      const next = target === undefined ? undefined : known.get(target);
      if (next !== undefined) visit(next, [...way, file.path]);
    }
    done.add(file.path);
  };
  for (const file of files) visit(file, []);
  return cycles;
}

/** One sentence for each broken rule; empty when all hold. */
export function faultsOf(files: readonly SourceFile[]): readonly string[] {
  const faults = files.flatMap((file) =>
    [
      ...file.imports
        .map((found) => importFault(file, found))
        .filter((fault) => fault !== undefined),
      ...realmFaults(file),
    ].map((fault) => `${file.path} ${fault}`),
  );
  return [...faults, ...cyclesOf(files)];
}
