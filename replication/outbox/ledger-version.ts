// Whether this program is older than another one that has had the ledger: by the version of its
// database, which Dexie would otherwise follow downwards in silence, and by the version of the data
// that is noted in it.

import type { Dexie, Table } from 'dexie';
import { OutdatedError } from '../plugin/data-version.ts';
import type { Ledger } from './ledger.ts';

type Versions = Pick<Ledger, 'meetVersion' | 'version' | 'outdated'>;
type Notes = Table<{ readonly name: string; readonly value: unknown }, string>;

export interface VersionOptions {
  /** Opening waits for another tab that holds an older version of the database, or no longer does. */
  readonly blocked?: (isBlocked: boolean) => void;
}

const NOTE = 'dataVersion';

/** Dexie counts in tens, and in ones where it has mended something by itself. */
const isNewer = (native: number, declared: number): boolean => Math.floor(native / 10) > declared;

export function versionsIn(
  database: Dexie,
  notes: Notes,
  { blocked = () => {} }: VersionOptions,
): Versions {
  const declared = database.verno;
  const noted = async (): Promise<number> => {
    const value = (await notes.get(NOTE))?.value;
    return typeof value === 'number' ? value : 0;
  };
  const outdated = new Promise<void>((resolve) => {
    database.on('versionchange', ({ newVersion }) => {
      // Without a new version it is removed: somebody has logged out.
      const isRemoved = newVersion === null;
      if (!isRemoved && !isNewer(newVersion, declared)) return true;
      // The other tab goes on at once; this one never opens it again, which would make it anew.
      database.close({ disableAutoOpen: true });
      if (!isRemoved) resolve();
      return false;
    });
    database.on('blocked', () => blocked(true));
    database.on(
      'ready',
      () => {
        blocked(false);
        if (!isNewer(database.backendDB().version, declared)) return;
        resolve();
        throw new OutdatedError();
      },
      true,
    );
  });
  return {
    outdated,
    version: noted,
    meetVersion: (own) =>
      database.transaction('rw', notes, async () => {
        const highest = Math.max(own, await noted());
        if (highest === own) await notes.put({ name: NOTE, value: own });
        return highest;
      }),
  };
}
