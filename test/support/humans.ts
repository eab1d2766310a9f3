// The collection of RxDB's own test suites, declared the Holdfast way.

import { defineCollection, integer, optional, serverWins, text } from '../../schemas/index.ts';

export const humans = defineCollection({
  name: 'human',
  label: { one: 'human', many: 'humans' },
  version: 0,
  primaryKey: 'passportId',
  primaryKeyField: text(100, 1),
  fields: { firstName: text(100), lastName: text(100), age: optional(integer(0, 150)) },
  indexes: ['firstName'],
  policy: serverWins(),
  sample: ({ random }) => ({ firstName: random.hex(8), lastName: random.hex(8), age: 30 }),
});
