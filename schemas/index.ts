// The door of schemas/: what the data is.

import { conflicts } from './conflicts.ts';
import { expenses } from './expenses.ts';
import { feedings } from './feedings.ts';
import { forms } from './forms.ts';
import { messages } from './messages.ts';
import { movements } from './movements.ts';
import { photos } from './photos.ts';
import { pins } from './pins.ts';
import { products } from './products.ts';
import { reactions } from './reactions.ts';
import { sales } from './sales.ts';
import { stories } from './stories.ts';
import type { Collection, DocumentOf } from './collection.ts';

export * from './access.ts';
export * from './collection.ts';
export { INBOX, MAX_HISTORY, type Conflict } from './conflicts.ts';
export * from './envelope.ts';
export { FOOD_TYPES } from './feedings.ts';
export * from './field.ts';
export * from './form-templates.ts';
export * from './migrate.ts';
export type { Migration } from './migration.ts';
export * from './modules.ts';
export * from './pins.ts';
export * from './policy.ts';
export * from './random.ts';

/** The twelve collections of the dashboard, by name. */
export const collections = {
  messages,
  stories,
  reactions,
  feedings,
  pins,
  forms,
  photos,
  products,
  sales,
  movements,
  expenses,
  conflicts,
} as const satisfies Record<string, Collection>;

export type Feeding = DocumentOf<typeof feedings>;
export type Form = DocumentOf<typeof forms>;
export type Pin = DocumentOf<typeof pins>;
