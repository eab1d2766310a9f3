// Chat: what people write to each other. Only its sender edits a message.

import { defineCollection } from './collection.ts';
import { key, object, optional, text, choice, integer } from './field.ts';
import { fieldLww } from './policy.ts';

export const messages = defineCollection({
  name: 'messages',
  label: { one: 'message', many: 'messages' },
  version: 0,
  fields: {
    conversation: key(),
    text: text(8_000),
    replyTo: optional(key()),
    attachment: optional(
      object({
        blob: text(64, 64),
        name: text(255, 1),
        type: text(127, 1),
        sizeBytes: integer(0, 100_000_000),
      }),
    ),
    kind: choice(['text', 'image', 'file', 'voice']),
  },
  indexes: ['conversation'],
  immutable: ['conversation', 'replyTo'],
  references: { replyTo: 'messages' },
  outlives: ['replyTo'],
  nameField: 'text',
  policy: fieldLww(),
  sample: ({ random }) => ({
    conversation: random.pick(['general', 'night shift', 'field team']),
    text: random.pick([
      'Back at the depot by four.',
      'Can somebody check the north gate?',
      'Took over from Mara, all quiet.',
      'The new stock is in the cellar.',
    ]),
    kind: 'text',
  }),
});
