// Shop: what is sold. The stock is the sum of its movements and only the server computes it.

import { defineCollection } from './collection.ts';
import { integer, text } from './field.ts';
import { serverWins } from './policy.ts';

export const products = defineCollection({
  name: 'products',
  label: { one: 'product', many: 'products' },
  version: 0,
  fields: {
    name: text(200, 1),
    sku: text(64, 1),
    priceMinor: integer(0, 1_000_000_000),
    stock: integer(-1_000_000_000, 1_000_000_000),
    reorderLevel: integer(0, 1_000_000_000),
  },
  indexes: ['sku'],
  derived: { stock: { from: 'movements', amount: 'amount', by: 'product', floor: 0 } },
  nameField: 'name',
  policy: serverWins(),
  pushPriority: 40,
  sample: ({ random }) => ({
    name: `${random.pick(['Oat', 'Rye', 'Honey', 'Apple'])} ${random.pick(['bread', 'jam', 'tea', 'cake'])}`,
    sku: `SKU-${random.hex(6)}`,
    priceMinor: random.integer(50, 5_000),
    stock: 0,
    reorderLevel: random.integer(0, 20),
  }),
});
