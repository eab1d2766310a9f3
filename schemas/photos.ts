// Field map: a photo of a pin. The picture itself is a blob that travels on its own.

import { defineCollection } from './collection.ts';
import { choice, integer, key, text, utcTime } from './field.ts';
import { fieldLww } from './policy.ts';

export const photos = defineCollection({
  name: 'photos',
  label: { one: 'photo', many: 'photos' },
  version: 0,
  fields: {
    pin: key(),
    blob: text(64, 64, '^[0-9a-f]{64}$'),
    type: choice(['image/jpeg', 'image/png', 'image/webp']),
    sizeBytes: integer(0, 50_000_000),
    caption: text(500),
    takenAt: utcTime(),
  },
  indexes: ['pin'],
  immutable: ['pin', 'blob', 'type', 'sizeBytes'],
  references: { pin: 'pins' },
  nameField: 'caption',
  policy: fieldLww(),
  sample: ({ random, nowMs, idOf }) => ({
    pin: idOf('pins'),
    blob: random.hex(64),
    type: 'image/jpeg',
    sizeBytes: random.integer(20_000, 4_000_000),
    caption: random.pick(['', 'From the road', 'Crack at the base']),
    takenAt: new Date(nowMs - random.integer(0, 10_000) * 60_000).toISOString(),
  }),
});
