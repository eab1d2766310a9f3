// What follows when a person's write has been stored on this page: the device has space, and there is
// something that the browser should keep.

import type { RxDatabase } from 'rxdb/plugins/core';
import { wroteFirst } from '../storage/persistence.ts';
import { wroteHere } from '../storage/write-failure.ts';

/** Until the database is closed. */
export const followOwnWrites = (database: RxDatabase): void => {
  database.eventBulks$.subscribe(({ databaseToken, isLocal, internal, context }) => {
    const isOwn = databaseToken === database.token && !isLocal && !internal;
    // The contexts of replication; what `atomic` writes has one of its own.
    if (!isOwn || /^(?:replication|holdfast)-/.test(context)) return;
    wroteHere();
    wroteFirst();
  });
};
