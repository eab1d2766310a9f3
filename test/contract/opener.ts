// How the contract gets the stores that it tests.

import { afterEach } from 'vitest';
import type { Store } from '../../server/store/port/port.ts';

export interface OpenOptions {
  readonly now?: () => number;
  readonly onListenerFailure?: (error: unknown) => void;
}
/** Opens the store of a place. The same place, where the store is durable, holds the same data. */
export type OpenStore = (place: string, options?: OpenOptions) => Promise<Store>;

export interface Contract {
  readonly open: OpenStore;
  /** What is committed outlives the object that committed it. */
  readonly durable: boolean;
  /** Many reads can be of one moment, as a dump during commits needs it. */
  readonly snapshots: boolean;
  /** Cases of each property. */
  readonly runs: number;
}

let places = 0;

/** Opens stores in places of their own and closes them after each test. */
export function openerOf({ open }: Contract): OpenStore & { readonly fresh: () => string } {
  const opened: Store[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  const opener: OpenStore = async (place, options) => {
    const store = await open(place, options);
    opened.push(store);
    return store;
  };
  return Object.assign(opener, { fresh: () => `place-${(places += 1)}` });
}
