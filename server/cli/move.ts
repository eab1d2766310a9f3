// `export --all` and `import --all`: a whole store in one file, from one kind of store to another,
// with its epoch, so that devices go on where they were.

import { createReadStream } from 'node:fs';
import { pipeline, Readable, type Duplex } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { forgetStarts } from '../auth/first-start.ts';
import { CommandError } from '../ops/commands.ts';
import { partsIn, textOf } from '../ops/dump-file.ts';
import { StoreNotEmptyError, type Part } from '../store/port/dump.ts';
import type { Store } from '../store/port/port.ts';
import { begun, codeOf, toFile } from './export.ts';
import { linesIn } from './import/lines.ts';
import { counted, createProgress } from './import/progress.ts';
import type { Parts, Where } from './parts.ts';
import { nameOf, withStopped } from './stopped.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const isPacked = (file: string): boolean => file.endsWith('.gz');

/** @throws {CommandError} where a server runs, or the file is there already or cannot be written. */
export async function exportAll(parts: Parts, where: Where, file: string): Promise<void> {
  const tally = new Tally();
  await withStopped(parts, where, async (store) => {
    // Something was read before anything is written.
    const text = await begun(textOf(tally.counting(store.dump())));
    await toFile([Readable.from(text), ...(isPacked(file) ? [createGzip()] : [])], file);
  });
  say(`${file} now holds ${tally.sentence()}, with all accounts, keys and sessions.`);
  say(
    'Passwords, keys and sessions are in it as digests: keep the file to yourself, and remove it after the move.',
  );
}

/** @throws {CommandError} where a server runs, data are there, or the file is not whole. */
export async function importAll(parts: Parts, where: Where, file: string): Promise<void> {
  // All of it once before anything is changed: only its last line says whether it is whole.
  const tally = new Tally();
  for await (const _ of tally.counting(everythingIn(file)));
  const load = async (store: Store): Promise<void> => {
    await forgetStarts(store);
    const progress = createProgress(process.stderr, 'entries');
    const loaded = new Tally((count) => progress.at(count / tally.parts, count));
    try {
      await store.load(loaded.counting(everythingIn(file)));
    } catch (error) {
      if (!(error instanceof StoreNotEmptyError)) throw error;
      const choose =
        where.mongo === undefined
          ? 'Choose another folder with --data'
          : 'Name another one in --mongo';
      throw new CommandError(
        `There are data in ${nameOf(where)} already. ${choose}. Nothing was changed.`,
      );
    } finally {
      progress.end();
    }
  };
  await withStopped(parts, where, load, 'load');
  const name = where.mongo === undefined ? where.data : 'The database';
  say(`${name} now holds ${tally.sentence()}, with all accounts, keys and sessions.`);
  say(
    'Start the server there, at the address that it had: devices go on where they were. Never start the old one again.',
  );
}

/** @throws {CommandError} at its end, where it is not as `export --all` wrote it. */
export async function* everythingIn(file: string): AsyncGenerator<Part> {
  const bytes = createReadStream(file);
  const ignore = (): void => undefined; // Whoever reads the last stream gets the error there.
  const text: Readable | Duplex = isPacked(file) ? pipeline(bytes, createGunzip(), ignore) : bytes;
  try {
    yield* partsIn(linesIn(text));
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new CommandError(
        `${file} was cut off or changed, or was not packed by "export --all". Export again.`,
      );
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new CommandError(`${file} cannot be read (${code}).`);
  }
}

class Tally {
  parts = 0;
  #workspaces = 0;
  #documents = 0;
  readonly #onPart: (count: number) => void;

  constructor(onPart: (count: number) => void = () => undefined) {
    this.#onPart = onPart;
  }

  async *counting(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
    for await (const part of parts) {
      this.parts += 1;
      if (part.part === 'workspace') this.#workspaces += 1;
      if (part.part === 'document' && !part.deleted) this.#documents += 1;
      this.#onPart(this.parts);
      yield part;
    }
  }

  sentence(): string {
    const many = (count: number, one: string): string =>
      `${counted(count)} ${one}${count === 1 ? '' : 's'}`;
    return `${many(this.#documents, 'document')} of ${many(this.#workspaces, 'workspace')}`;
  }
}
