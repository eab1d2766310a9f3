// Field map: a place, what it is and how it stands.

import { defineCollection } from './collection.ts';
import { choice, decimal, object, text } from './field.ts';
import { fieldLww } from './policy.ts';

export const PIN_KINDS = ['site', 'airport', 'hazard', 'sample', 'asset', 'other'] as const;
export const PIN_STATUSES = ['open', 'in progress', 'done'] as const;

export const pins = defineCollection({
  name: 'pins',
  label: { one: 'pin', many: 'pins' },
  version: 0,
  fields: {
    title: text(200, 1),
    position: object({ lat: decimal(-90, 90), lng: decimal(-180, 180) }),
    kind: choice(PIN_KINDS),
    status: choice(PIN_STATUSES),
    notes: text(10_000),
  },
  indexes: ['kind', 'status'],
  nameField: 'title',
  policy: fieldLww(),
  versionVector: true,
  sample: ({ random }) => ({
    title: `${random.pick(['North', 'South', 'Old', 'New'])} ${random.pick(['gate', 'well', 'mast', 'bridge'])} ${random.integer(1, 999)}`,
    position: {
      lat: random.integer(-60_000, 70_000) / 1_000,
      lng: random.integer(-180_000, 180_000) / 1_000,
    },
    kind: random.pick(PIN_KINDS),
    status: random.pick(PIN_STATUSES),
    notes: random.pick(['', 'Locked, key at the office', 'Needs a ladder']),
  }),
});
