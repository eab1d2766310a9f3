// The inbox: versions that lost, and versions that wait for a person.

import { defineCollection } from './collection.ts';
import { anything, choice, key, list, object, optional, record, text, utcTime } from './field.ts';
import { serverWins } from './policy.ts';

const version = record(anything(), 200);

export const conflicts = defineCollection({
  name: 'conflicts',
  label: { one: 'conflict', many: 'conflicts' },
  version: 0,
  fields: {
    collectionName: key(31),
    documentId: key(),
    author: key(),
    device: text(32),
    state: choice(['open', 'settled', 'information']),
    fields: list(text(128), 200),
    base: optional(version),
    mine: version,
    theirs: version,
    history: list(object({ at: utcTime(), device: text(32), mine: version }), 100),
    resolution: optional(
      object({ choice: choice(['mine', 'theirs', 'merge', 'undo']), merged: optional(version) }),
    ),
    settledBy: optional(key()),
    settledAt: optional(utcTime()),
  },
  indexes: ['state', 'documentId'],
  immutable: ['collectionName', 'documentId', 'author'],
  policy: serverWins(),
  maxBytes: 1024 * 1024,
  sample: ({ random, idOf }) => ({
    collectionName: 'feedings',
    documentId: idOf('feedings'),
    author: random.hex(16),
    device: random.hex(10),
    state: 'open',
    fields: ['amountMl'],
    base: { amountMl: 100 },
    mine: { amountMl: 120 },
    theirs: { amountMl: 90 },
    history: [],
  }),
});
