// Reads which file imports which, by regular expressions: TypeScript 7 has no parser to ask. Static
// and dynamic imports, re-exports, type imports and workers (`new URL(..., import.meta.url)`) count.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const FOLDERS = ['schemas', 'replication', 'server', 'client'] as const;
export type Folder = (typeof FOLDERS)[number];

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly folder: Folder;
  /** Comments taken away, strings kept. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As it is written; undefined where it is computed and so cannot be followed. */
  readonly specifier: string | undefined;
  /** For relative imports, relative to the repository. */
  readonly target: string | undefined;
}

const SOURCE = /\.(?:ts|tsx|mts|mjs|js)$/;
const STRING_OR_COMMENT =
  /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const IMPORTS = [
  /\b(?:import|export)\b(?:\s|\{|\*)[^'"`;()=]*?\bfrom\s*(['"])(?<specifier>[^'"]+)\1/g,
  /\bimport\s*(['"])(?<specifier>[^'"]+)\1/g,
  /\bnew\s+URL\(\s*(['"`])(?<specifier>\.[^'"`]+)\1\s*,\s*import\.meta\.url/g,
  /\b(?:import|require)\s*\(\s*(?:(['"`])(?<specifier>[^'"`$]+)\1\s*[,)])?/g,
];

const withoutComments = (text: string): string =>
  text.replaceAll(STRING_OR_COMMENT, (_match, quoted?: string) => quoted ?? ' ');

function importsOf(file: string, code: string): readonly Import[] {
  return IMPORTS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map(({ groups }) => {
      const specifier = groups?.['specifier'];
      const target = specifier?.startsWith('.')
        ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier))
        : undefined;
      return { specifier, target };
    }),
  );
}

/** Every source file of the four folders below `root`. */
export function readSources(root: string): readonly SourceFile[] {
  return FOLDERS.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
      .map((entry) => {
        const absolute = path.join(entry.parentPath, entry.name);
        const file = path.relative(root, absolute).split(path.sep).join('/');
        const code = withoutComments(readFileSync(absolute, 'utf8'));
        return { path: file, folder, code, imports: importsOf(file, code) };
      }),
  );
}
