// Shop: a sale as it was rung up. Nothing of it changes but the void mark.

import { defineCollection } from './collection.ts';
import { choice, flag, integer, key, list, object, utcTime } from './field.ts';
import { fieldLww } from './policy.ts';

export const sales = defineCollection({
  name: 'sales',
  label: { one: 'sale', many: 'sales' },
  version: 0,
  fields: {
    items: list(
      object({
        product: key(),
        quantity: integer(1, 100_000),
        priceMinor: integer(0, 1_000_000_000),
      }),
      500,
    ),
    totalMinor: integer(0, 1_000_000_000_000),
    payment: choice(['cash', 'card', 'transfer', 'other']),
    soldAt: utcTime(),
    void: flag(),
  },
  indexes: ['soldAt'],
  immutable: true,
  mutable: ['void'],
  policy: fieldLww(),
  pushPriority: 10,
  sample: ({ random, nowMs, idOf }) => {
    const quantity = random.integer(1, 5);
    const priceMinor = random.integer(50, 5_000);
    return {
      items: [{ product: idOf('products'), quantity, priceMinor }],
      totalMinor: quantity * priceMinor,
      payment: random.pick(['cash', 'card']),
      soldAt: new Date(nowMs - random.integer(0, 7 * 24 * 60) * 60_000).toISOString(),
      void: false,
    };
  },
});
