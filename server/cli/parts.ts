// What main.ts gives to the commands.

import type { Collection } from '../../schemas/index.ts';
import type { Sample } from '../ops/sample.ts';
import type { Store } from '../store/port/port.ts';

/** Where the data are, as options name it. */
export interface Where {
  /** A folder. */
  readonly data: string;
  /** The address of a MongoDB that is used instead; any number of processes may. */
  readonly mongo?: string;
}

export interface Parts {
  readonly collections: readonly Collection[];
  /**
   * @param purpose `load` opens also what a load has left that was cut off.
   * @throws {Error} with code `store_in_use`, where another process has the data.
   */
  readonly openStore: (where: Where, purpose?: 'load') => Store | Promise<Store>;
  readonly clientDirectory?: string;
  /** Fits `collections`. */
  readonly sample: Sample;
}

export const whereOf = (data: string, mongo: string | undefined): Where =>
  mongo === undefined ? { data } : { data, mongo };
