// Chat: pictures and notes that go away after a while.

import { defineCollection } from './collection.ts';
import { optional, text, utcTime } from './field.ts';
import { serverWins } from './policy.ts';

const DAY_MS = 86_400_000;

export const stories = defineCollection({
  name: 'stories',
  label: { one: 'story', many: 'stories' },
  version: 0,
  fields: {
    text: text(500),
    media: optional(text(64, 64)),
    expiresAt: utcTime(),
  },
  indexes: ['expiresAt'],
  nameField: 'text',
  policy: serverWins(),
  sample: ({ random, nowMs }) => ({
    text: random.pick(['First snow on the ridge', 'Opening day', 'New boat in the water']),
    expiresAt: new Date(nowMs + random.integer(1, 24) * (DAY_MS / 24)).toISOString(),
  }),
});
