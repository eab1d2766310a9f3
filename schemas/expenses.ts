// Shop: money that went out.

import { defineCollection } from './collection.ts';
import { choice, integer, text, utcTime } from './field.ts';
import { fieldLww } from './policy.ts';

export const expenses = defineCollection({
  name: 'expenses',
  label: { one: 'expense', many: 'expenses' },
  version: 0,
  fields: {
    category: choice(['goods', 'rent', 'wages', 'transport', 'repairs', 'other']),
    amountMinor: integer(0, 1_000_000_000_000),
    spentAt: utcTime(),
    note: text(1_000),
  },
  indexes: ['spentAt'],
  nameField: 'note',
  policy: fieldLww(),
  pushPriority: 30,
  sample: ({ random, nowMs }) => ({
    category: random.pick(['goods', 'rent', 'transport']),
    amountMinor: random.integer(100, 200_000),
    spentAt: new Date(nowMs - random.integer(0, 30 * 24) * 3_600_000).toISOString(),
    note: random.pick(['', 'Paid in cash', 'Monthly']),
  }),
});
