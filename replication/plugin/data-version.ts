// Which version of this program's data a tab works with. Tabs of one browser share their databases,
// and a tab may be days old: an older one stops writing as soon as it meets a newer one.

import { isRecord } from './check.ts';

/**
 * Raised with every change after which an older program must not write any more: of the ledger's
 * tables, of what is kept in documents or beside them, of what the tabs tell each other.
 */
export const DATA_VERSION = 1;

/** What is thrown where an older program would write. */
export class OutdatedError extends Error {
  override readonly name = 'OutdatedError';
  constructor() {
    super('This tab has an older version of the program. Reload it.');
  }
}

/** Also where it was wrapped; Dexie has what it wraps in `inner`. */
export const isOutdated = (error: unknown): boolean =>
  isRecord(error) &&
  (error instanceof OutdatedError || isOutdated(error['cause']) || isOutdated(error['inner']));
