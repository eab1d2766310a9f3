// A refused version as the outbox shows it.

import type { Collection } from '../../schemas/index.ts';
import { labelOf, nameOf } from './label.ts';
import type { RefusedWrite } from './ledger.ts';
import type { OutboxRecord } from './record.ts';

export const refusedRecord = (
  collections: readonly Collection[],
  { op, collection: name, id, doc, changed, message, refusedAtMs, group, verdict }: RefusedWrite,
): OutboxRecord => {
  const collection = collections.find((one) => one.name === name);
  const edited = changed === undefined ? 'insert' : 'update';
  const kind = doc._deleted === true ? 'delete' : edited;
  return {
    op,
    collection: name,
    id,
    kind,
    label: collection === undefined ? name : labelOf(collection, kind, nameOf(collection, doc)),
    state: 'rejected',
    attempts: 1,
    lastError: message,
    lastAttemptAtMs: refusedAtMs,
    order: 0,
    dependsOn: [],
    ...(group === undefined ? {} : { group }),
    createdAtMs: refusedAtMs,
    verdict,
    settledAtMs: refusedAtMs,
  };
};
