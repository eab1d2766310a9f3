// A copy of the built dashboard, which a test may bring to another version under a running server.

import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listShell } from '../../vite.worker.ts';
import { holdfast } from './holdfast-process.ts';

export interface BuiltClient {
  readonly directory: string;
  /** The path of a file of the present build, by the beginning of its name. */
  readonly asset: (start: string) => string;
  /** As a build would that has changed one file. */
  readonly rebuild: (start: string) => void;
  /** Makes a file another one than the worker expects. */
  readonly spoil: (start: string) => void;
  /** Takes a file away. */
  readonly lose: (start: string) => void;
  readonly remove: () => void;
}

export async function copyClient(): Promise<BuiltClient> {
  const { code, err } = await holdfast(['build']);
  if (code !== 0) throw new Error(`build ended with ${code}: ${err}`);
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-client-'));
  cpSync('dist/client', directory, { recursive: true });
  const assets = join(directory, 'assets');
  const named = (start: string): string => {
    const found = readdirSync(assets).find((name) => name.startsWith(`${start}-`));
    if (found === undefined) throw new Error(`The build has no ${start}.`);
    return found;
  };
  let count = 0;
  const rebuild = (start: string): void => {
    count += 1;
    const [before, after] = [named(start), `${start}-rebuilt${count}.js`];
    renameSync(join(assets, before), join(assets, after));
    for (const name of readdirSync(assets).filter((each) => each.endsWith('.js'))) {
      const text = readFileSync(join(assets, name), 'utf8');
      if (text.includes(before)) writeFileSync(join(assets, name), text.replaceAll(before, after));
    }
    const [, ...worker] = readFileSync(join(directory, 'worker.js'), 'utf8').split('\n');
    listShell(directory, worker.join('\n'), `assets/${named('sender')}`);
  };
  return {
    directory,
    asset: (start) => `/assets/${named(start)}`,
    rebuild,
    spoil: (start) => appendFileSync(join(assets, named(start)), '//'),
    lose: (start) => rmSync(join(assets, named(start))),
    remove: () => rmSync(directory, { recursive: true }),
  };
}
