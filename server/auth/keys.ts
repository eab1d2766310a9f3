// The API keys that there are. The secrets themselves are nowhere.

import type { WorkspaceId } from '../../replication/core.ts';
import type { Store } from '../store/port/port.ts';
import { KEY, read } from './records.ts';

/** A key as lists show it. */
export interface KnownKey {
  /** The first digits of its hash, enough to name it. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly createdAtMs: number;
}

const ID_LENGTH = 12;
const keyId = (hash: string): string => hash.slice(0, ID_LENGTH);

async function allKeys(store: Store) {
  const keys = (await store.records(KEY.name, '')).map(async ({ id }) => {
    const key = await read(store, KEY, id);
    return key === undefined ? [] : [{ hash: id, key }];
  });
  return (await Promise.all(keys)).flat();
}

/** Oldest first. */
export const keysIn = async (store: Store, workspace: WorkspaceId) =>
  (await allKeys(store))
    .filter(({ key }) => key.workspace === workspace)
    .toSorted((one, other) => one.key.createdAtMs - other.key.createdAtMs);

export const shownKey = ({ hash, key }: Awaited<ReturnType<typeof keysIn>>[number]): KnownKey => {
  const { email, name, readOnly, createdAtMs } = key;
  return { id: keyId(hash), email, name, readOnly, createdAtMs };
};

/** The hash of the key with an id of `shownKey`. */
export const hashOfKey = async (store: Store, id: string): Promise<string | undefined> =>
  (await allKeys(store)).find(({ hash }) => keyId(hash) === id)?.hash;
