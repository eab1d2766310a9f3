// Chat: one reaction per person and message. The id is `messageId|userId`; an empty emoji means
// that it was taken back.

import { defineCollection } from './collection.ts';
import { key, text } from './field.ts';
import { fieldLww } from './policy.ts';

export const reactions = defineCollection({
  name: 'reactions',
  label: { one: 'reaction', many: 'reactions' },
  version: 0,
  fields: { message: key(), user: key(), emoji: text(32) },
  indexes: ['message'],
  immutable: ['message', 'user'],
  references: { message: 'messages' },
  outlives: ['message'],
  policy: fieldLww(),
  sample: ({ random, idOf }) => ({
    message: idOf('messages'),
    user: random.hex(16),
    emoji: random.pick(['👍', '❤️', '😀', '']),
  }),
});
