// The rules about who imports whom hold in the tree, and each of them is seen to catch a fault.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readSources } from './imports.ts';
import { faultsOf } from './rules.ts';

const root = path.resolve(import.meta.dirname, '../..');
const planted: string[] = [];

/** The faults of a tree with only these files. */
function faultsIn(files: Readonly<Record<string, string>>): readonly string[] {
  const tree = mkdtempSync(path.join(tmpdir(), 'holdfast-architecture-'));
  planted.push(tree);
  for (const [name, code] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
    writeFileSync(path.join(tree, name), code);
  }
  return faultsOf(readSources(tree));
}

afterEach(() => {
  for (const tree of planted.splice(0)) rmSync(tree, { recursive: true });
});

describe('the source folders', () => {
  it('keep every rule', () => {
    const files = readSources(root);
    expect(files.length).toBeGreaterThan(30);
    expect(faultsOf(files)).toEqual([]);
  });

  it('are read with all their imports', () => {
    const imports = readSources(root).flatMap((file) => file.imports);
    expect(imports.length).toBeGreaterThan(60);
    expect(imports.some(({ target }) => target === 'schemas/index.ts')).toBe(true);
  });
});

describe('the rules', () => {
  const good = {
    'schemas/index.ts': `export * from './pins.ts';`,
    'schemas/pins.ts': 'export const pins = 1;',
    'schemas/validate.ts': `import { pins } from './pins.ts'; export const check = pins;`,
    'replication/index.ts': `import { pins } from '../schemas/index.ts'; export const sync = pins;`,
    'server/app.ts': `import fs from 'node:fs';
      import { check } from '../schemas/validate.ts';
      import { sync } from '../replication/index.ts';
      export const app = [fs, check, sync, process.pid];`,
    'client/main.tsx': `import { pins } from '../schemas/index.ts'; export const at = [pins, window.name];`,
  };

  it('let a tree pass that keeps them', () => {
    expect(faultsIn(good)).toEqual([]);
  });

  it.each([
    ['schemas/a.ts', `import '../replication/index.ts';`, 'schemas/ must not know replication/'],
    ['replication/a.ts', `import { app } from '../server/app.ts';`, 'must not know server/'],
    [
      'replication/a.ts',
      `import {\n  a,\n  b,\n} from '../client/main.tsx';`,
      'must not know client/',
    ],
    ['server/a.ts', `export { at } from '../client/main.tsx';`, 'must not know client/'],
    ['server/a.ts', `const at = await import('../client/main.tsx');`, 'must not know client/'],
    ['client/a.ts', `import type { App } from '../server/app.ts';`, 'must not know server/'],
    ['client/a.ts', `export * from '../server/app.ts';`, 'must not know server/'],
    ['client/a.ts', `new Worker(new URL('../server/app.ts', import.meta.url));`, 'must not know'],
    ['client/a.ts', `import { check } from '../schemas/validate.ts';`, 'through schemas/index.ts'],
    ['server/a.ts', `import { pins } from '../schemas/pins.ts';`, 'through schemas/index.ts'],
    ['server/a.ts', `import '../test/support/x.ts';`, 'outside the four source folders'],
    ['server/a.ts', 'const part = await import(`./${name}.ts`);', 'computed name'],
    ['server/a.ts', 'const part = await import(name);', 'computed name'],
    ['client/a.ts', `await import('rxdb/plugins/dev-mode');`, 'dev-mode'],
    ['replication/a.ts', `import { createHash } from 'node:crypto';`, 'only Node has'],
    ['replication/a.ts', `import { readFile } from 'fs/promises';`, 'only Node has'],
    ['replication/a.ts', 'export const here = window.location;', 'uses window'],
    ['replication/a.ts', 'export const bytes = (t: string) => Buffer.from(t);', 'uses Buffer'],
    ['schemas/a.ts', `export const pid = process.pid;`, 'uses process'],
  ])('catch in %s: %s', (file, code, fault) => {
    const faults = faultsIn({ ...good, [file]: code });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
    expect(faults[0]).toContain(file);
  });

  it('catch a cycle, also one of type and dynamic imports', () => {
    const faults = faultsIn({
      ...good,
      'server/a.ts': `import type { B } from './b.ts'; export type A = B;`,
      'server/b.ts': `export type B = 1; export const c = () => import('./c.ts');`,
      'server/c.ts': `export { type A } from './a.ts';`,
    });
    expect(faults).toEqual([
      'server/a.ts -> server/b.ts -> server/c.ts -> server/a.ts is a cycle.',
    ]);
  });

  it('overlook comments and words in strings', () => {
    const code = `// import '../server/app.ts';
      /* import('../client/main.tsx') */
      class A { #window() {} b = this.#window(); }
      export const said = 'window.open'; export const url = 'http://x//y';
      export const of = (options: { process: number }) => options.process;`;
    expect(faultsIn({ ...good, 'replication/a.ts': code })).toEqual([]);
  });
});
