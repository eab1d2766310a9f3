// A change of fields, from one version of a collection to the next: the same pure functions bring
// documents up to date on devices, in what waits there to be sent, and on the server.

import type { Collection, DocumentFields } from './collection.ts';
import { RESERVED_FIELDS, type Clock } from './envelope.ts';

/** What is left of a document that is only said to be gone has no fields. */
const isBare = ({ clk }: DocumentFields): boolean => clk === undefined;

/** What no migration changes: the key, the server's fields, and those of the local database. */
const isKept = (collection: Collection, field: string): boolean =>
  field === collection.primaryKey ||
  field.startsWith('_') ||
  (field !== 'clk' && field !== 'vv' && RESERVED_FIELDS.some((one) => one === field));

/** A document of the version before `to`, as one of version `to`. */
export function migrateStep(
  collection: Collection,
  document: DocumentFields,
  to: number,
): DocumentFields {
  const migrate = collection.migrations[to];
  if (migrate === undefined || isBare(document)) return document;
  const kept = Object.fromEntries(
    Object.entries(document).filter(([field]) => isKept(collection, field)),
  );
  const open = Object.fromEntries(
    Object.entries(document).filter(([field]) => !field.startsWith('_')),
  );
  const { clk, vv } = document;
  const made = { clk, ...(vv === undefined ? {} : { vv }), ...migrate(open), ...kept };
  return to === collection.version ? withFittingClock(collection, made) : made;
}

/** A document of version `from`, as one of version `to`, the present one if not said. */
export function migrateFrom(
  collection: Collection,
  document: DocumentFields,
  from: number,
  to: number = collection.version,
): DocumentFields {
  let made = document;
  for (let step = from + 1; step <= to; step += 1) made = migrateStep(collection, made, step);
  return made;
}

/**
 * Puts the field `to` in the place of `from`, with the stamp of its last change: without that, what
 * somebody has changed in `from` and not sent yet would not count as a change of `to`.
 *
 * @param make the new value of the old one, which is missing where the document lacks it.
 */
export function moveField(
  document: DocumentFields,
  from: string,
  to: string,
  make: (value: unknown) => unknown = (value) => value,
): DocumentFields {
  const { [from]: old, ...rest } = document;
  const value = make(old);
  const clk = Object.fromEntries(
    Object.entries((document['clk'] ?? {}) as Clock).map(([entry, stamp]) => [
      entry === from || entry.startsWith(`${from}/`) ? to + entry.slice(from.length) : entry,
      stamp,
    ]),
  );
  return { ...rest, ...(value === undefined ? {} : { [to]: value }), clk };
}

/** Whether a clock of this collection may have the entry: the document, a field, a key of a field. */
export function isClockEntry(collection: Collection, entry: string): boolean {
  if (entry === '*' || entry === '-') return true;
  const perKey = collection.policy.kind === 'fieldLww' ? collection.policy.perKey : [];
  if (perKey.includes(entry) || collection.derived.includes(entry)) return false;
  return (
    collection.ownFields.includes(entry) || perKey.some((field) => entry.startsWith(`${field}/`))
  );
}

/** Without the stamps of fields that are no more: no server takes a clock that has one. */
function withFittingClock(collection: Collection, document: DocumentFields): DocumentFields {
  const clk = (document['clk'] ?? {}) as Clock;
  const fitting = Object.entries(clk).filter(([entry]) => isClockEntry(collection, entry));
  return { ...document, clk: Object.fromEntries(fitting) };
}
