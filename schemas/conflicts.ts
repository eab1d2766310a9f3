// The inbox: versions that lost, and versions that wait for a person. Only the server makes entries;
// people write what they decide (`resolution`) and, while an entry is open, their own version.

import { roleScope, userScope } from './access.ts';
import { defineCollection, type DocumentOf } from './collection.ts';
import {
  anything,
  choice,
  flag,
  integer,
  key,
  list,
  object,
  optional,
  record,
  text,
  utcTime,
} from './field.ts';
import { serverWins } from './policy.ts';

/** The collection of this name is the inbox. */
export const INBOX = 'conflicts';
export const MAX_HISTORY = 100;
/** What of a document a person wrote; `deleted` is true where it was deleted. */
const version = record(anything(), 500);

export const conflicts = defineCollection({
  name: INBOX,
  label: { one: 'conflict', many: 'conflicts' },
  version: 0,
  fields: {
    collectionName: key(31),
    documentId: key(),
    /** The operation that lost or waits. */
    op: text(64),
    state: choice(['open', 'settled', 'information']),
    /** Why it is here; also the code of the operation's verdict. */
    reason: choice(['concurrent', 'overtaken', 'overwritten', 'deleted', 'settled_before']),
    /** Clock entries in question: a field, or `field/key`. */
    fields: list(text(200), 500),
    author: key(),
    device: text(32),
    mineAt: utcTime(),
    mine: version,
    base: optional(version),
    theirs: version,
    /** Empty where nobody knows any more, because the document was purged. */
    theirsBy: text(128),
    theirsDevice: text(32),
    theirsAt: utcTime(),
    /** The version of the document that `theirs` is. */
    theirsRev: integer(0, Number.MAX_SAFE_INTEGER),
    /** What the entry has seen, the oldest first. */
    history: list(
      object({
        at: utcTime(),
        by: key(),
        device: text(32),
        event: choice(['replaced', 'moved', 'settled', 'reopened']),
        version: optional(version),
      }),
      MAX_HISTORY,
    ),
    resolution: optional(
      object({
        choice: choice(['mine', 'theirs', 'merge', 'undo', 'seen']),
        merged: optional(version),
      }),
    ),
    settledBy: optional(key()),
    settledAt: optional(utcTime()),
    /** The document's version after settling. */
    settledRev: optional(integer(0, Number.MAX_SAFE_INTEGER)),
    /** Whether owners and managers see it beside its author. */
    shared: flag(),
  },
  indexes: ['state', 'documentId'],
  policy: serverWins(),
  maxBytes: 1024 * 1024,
  pushPriority: 90,
  scopeKeys: ({ author, shared }) => [
    userScope(author),
    ...(shared ? [roleScope('owner'), roleScope('manager')] : []),
  ],
  sample: ({ random, nowMs, idOf }) => ({
    collectionName: 'feedings',
    documentId: idOf('feedings'),
    op: '',
    state: 'open',
    reason: 'concurrent',
    fields: ['amountMl'],
    author: random.hex(16),
    device: random.hex(10),
    mineAt: new Date(nowMs).toISOString(),
    mine: { amountMl: 120 },
    base: { amountMl: 100 },
    theirs: { amountMl: 90 },
    theirsBy: random.hex(16),
    theirsDevice: random.hex(10),
    theirsAt: new Date(nowMs).toISOString(),
    theirsRev: 1,
    history: [],
    shared: true,
  }),
});

export type Conflict = DocumentOf<typeof conflicts>;
