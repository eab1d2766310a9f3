// Shop: the ledger of stock. Append-only; a product's stock is the sum of its amounts.

import { defineCollection } from './collection.ts';
import { choice, integer, key, optional } from './field.ts';
import { fieldLww } from './policy.ts';

export const movements = defineCollection({
  name: 'movements',
  label: { one: 'stock movement', many: 'stock movements' },
  version: 0,
  fields: {
    product: key(),
    amount: integer(-1_000_000, 1_000_000),
    reason: choice(['opening', 'delivery', 'sale', 'void', 'count', 'waste', 'other']),
    sale: optional(key()),
  },
  indexes: ['product'],
  immutable: true,
  references: { product: 'products', sale: 'sales' },
  // What was sold was sold, also when its product is gone by now.
  outlives: ['product', 'sale'],
  policy: fieldLww(),
  pushPriority: 20,
  sample: ({ random, idOf }) => ({
    product: idOf('products'),
    amount: random.integer(1, 50),
    reason: 'delivery',
  }),
});
