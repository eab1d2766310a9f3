// `verify`: looks through a copy, so that a running server is not held up and nothing changes
// underneath.

import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Collection } from '../../schemas/index.ts';
import { differencesBetween } from '../ops/compare.ts';
import { differencesIn } from '../ops/verify.ts';
import { damageOf } from '../store/sqlite/backup.ts';
import type { Store } from '../store/port/port.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { DataAccess } from './data-access.ts';
import { counted } from './import/progress.ts';
import { everythingIn } from './move.ts';

/** More than this are only counted. */
const MAX_NAMED = 1_000;

/** Says what differs, and returns whether nothing does. */
export async function verify(
  access: DataAccess,
  collections: readonly Collection[],
  { data, against }: { readonly data: string; readonly against?: string },
): Promise<boolean> {
  const folder = mkdtempSync(join(resolve(data), 'verify-'));
  const tidy = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = (): never => {
    tidy();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const file = join(folder, 'copy.sqlite');
    await access.call('backup', { file });
    return await report(differencesOf(file, collections, against), against);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    tidy();
  }
}

async function* differencesOf(
  file: string,
  collections: readonly Collection[],
  against: string | undefined,
): AsyncGenerator<string> {
  const damage = damageOf(file);
  yield* damage.map((sentence) => `The file is damaged: ${sentence}.`);
  if (damage.length > 0) return;
  const store = openSqliteStore({ file });
  try {
    yield* differencesInside(store, collections, against);
  } finally {
    await store.close();
  }
}

/** The same for a store in which nobody writes meanwhile. */
export const verifyStore = (
  store: Store,
  collections: readonly Collection[],
  against: string | undefined,
): Promise<boolean> => report(differencesInside(store, collections, against), against);

async function* differencesInside(
  store: Store,
  collections: readonly Collection[],
  against: string | undefined,
): AsyncGenerator<string> {
  yield* differencesIn(store, new Map(collections.map((one) => [one.name, one])));
  if (against !== undefined) yield* differencesBetween(everythingIn(against), store.dump());
}

async function report(
  differences: AsyncIterable<string>,
  against: string | undefined,
): Promise<boolean> {
  const isSame = against === undefined ? '' : ` The same is in ${against}.`;
  let count = 0;
  for await (const difference of differences) {
    count += 1;
    if (count <= MAX_NAMED) process.stdout.write(`${difference}\n`);
  }
  process.stdout.write(
    count === 0
      ? `Everything is as it should be.${isSame}\n`
      : `${counted(count)} ${count === 1 ? 'difference' : 'differences'}. Nothing was changed. Keep a backup of this state before you do anything about it.\n`,
  );
  return count === 0;
}
