// Field map: a filled form of a pin. Answers merge one by one.

import { defineCollection } from './collection.ts';
import { key, record, text } from './field.ts';
import { fieldLww } from './policy.ts';

export const forms = defineCollection({
  name: 'forms',
  label: { one: 'form', many: 'forms' },
  version: 0,
  fields: { pin: key(), template: text(128, 1), answers: record(text(4_000), 200) },
  indexes: ['pin'],
  immutable: ['pin', 'template'],
  references: { pin: 'pins' },
  nameField: 'template',
  policy: fieldLww({ perKey: ['answers'] }),
  versionVector: true,
  maxBytes: 256 * 1024,
  sample: ({ random, idOf }) => ({
    pin: idOf('pins'),
    template: random.pick(['inspection', 'safety round']),
    answers: { condition: random.pick(['good', 'worn', 'broken']), inspector: random.hex(4) },
  }),
});
