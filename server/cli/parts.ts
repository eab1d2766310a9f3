// What main.ts gives to the commands.

import type { Collection } from '../../schemas/index.ts';
import type { Sample } from '../ops/sample.ts';
import type { Store } from '../store/port/port.ts';

export interface Parts {
  readonly collections: readonly Collection[];
  /** @throws {Error} with code `store_in_use`, where another process has the data. */
  readonly openStore: (directory: string) => Store;
  readonly clientDirectory?: string;
  /** Fits `collections`. */
  readonly sample: Sample;
}
