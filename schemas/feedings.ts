// Care log: who was fed what, when and how much. Times are UTC; screens show them local.

import { defineCollection } from './collection.ts';
import { choice, integer, text, utcTime } from './field.ts';
import { manual } from './policy.ts';

export const FOOD_TYPES = ['breast milk', 'formula', 'water', 'puree', 'solids', 'other'] as const;

export const feedings = defineCollection({
  name: 'feedings',
  label: { one: 'feeding', many: 'feedings' },
  version: 0,
  fields: {
    feedingTime: utcTime(),
    foodType: choice(FOOD_TYPES),
    amountMl: integer(0, 5_000),
    notes: text(2_000),
  },
  indexes: ['feedingTime'],
  nameField: 'amountMl',
  nameUnit: 'ml',
  nameTime: 'feedingTime',
  policy: manual(),
  sample: ({ random, nowMs }) => ({
    feedingTime: new Date(nowMs - random.integer(0, 30 * 24 * 60) * 60_000).toISOString(),
    foodType: random.pick(['breast milk', 'formula', 'puree']),
    amountMl: random.integer(4, 24) * 10,
    notes: random.pick(['', '', 'Slept right after', 'Left a little', 'Very hungry']),
  }),
});
