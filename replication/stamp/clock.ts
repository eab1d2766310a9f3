// Reading and writing a document's clock: `*` created, `-` deleted, `field` or `field/key` changed.

import { isReserved, type Clock, type Collection } from '../../schemas/index.ts';
import type { OperationId, WireDocument } from '../protocol/index.ts';
import { canonical } from './canonical.ts';
import { deviceOf, highest, isStamp, type Stamp } from './stamp.ts';

export const CREATED = '*';
export const DELETED = '-';
export const NO_STAMP = '';

/** Gone from here, not deleted: what is written under its id is another document. */
export const isWithdrawn = ({ _deleted, clk }: WireDocument): boolean =>
  _deleted === true && clk?.[DELETED] === undefined;

/** The stamp at which a clock entry's value was last written. */
export const stampAt = (clk: Clock, entry: string): string =>
  clk[entry] ?? clk[CREATED] ?? NO_STAMP;

type Fields = Readonly<Record<string, unknown>>;
const keyed = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Whether clients write this field: not the key, nor what the server decides or computes. */
const isStamped = (collection: Collection, field: string): boolean =>
  field !== collection.primaryKey && !isReserved(field) && !collection.derived.includes(field);

const perKeyOf = ({ policy }: Collection): readonly string[] =>
  policy.kind === 'fieldLww' ? policy.perKey : [];

/** What has a stamp of its own in a document: each field, or each key of a per-key field. */
export function entriesOf(collection: Collection, ...documents: readonly Fields[]): Set<string> {
  const perKey = perKeyOf(collection);
  const entries = new Set<string>();
  for (const document of documents)
    for (const field of Object.keys(document)) {
      if (!isStamped(collection, field)) continue;
      if (!perKey.includes(field)) entries.add(field);
      else for (const key of Object.keys(keyed(document[field]))) entries.add(`${field}/${key}`);
    }
  return entries;
}

const split = (collection: Collection, entry: string): readonly [string, string | undefined] => {
  const slash = entry.indexOf('/');
  if (slash < 0) return [entry, undefined];
  const field = entry.slice(0, slash);
  return perKeyOf(collection).includes(field)
    ? [field, entry.slice(slash + 1)]
    : [entry, undefined];
};

/** A member of its own: a key may be called `toString`. */
const memberOf = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

export function valueAt(collection: Collection, document: Fields, entry: string): unknown {
  const [field, key] = split(collection, entry);
  const value = memberOf(document, field);
  return key === undefined ? value : memberOf(keyed(value), key);
}

/** The entries of a clock that stand for values which clients write; others may be forged. */
export const stampedEntries = (collection: Collection, clk: Clock): readonly string[] =>
  Object.keys(clk).filter((entry) => {
    if (entry === CREATED || entry === DELETED || perKeyOf(collection).includes(entry))
      return false;
    return isStamped(collection, split(collection, entry)[0]);
  });

/** Sets an entry's value in a document under construction; `undefined` takes it away. */
export function setValueAt(
  collection: Collection,
  document: Record<string, unknown>,
  entry: string,
  value: unknown,
): void {
  const [field, key] = split(collection, entry);
  if (key === undefined) {
    if (value === undefined) delete document[field];
    else document[field] = value;
    return;
  }
  const { [key]: _previous, ...others } = keyed(document[field]);
  document[field] = value === undefined ? others : { ...others, [key]: value };
}

/** The entries whose values differ between two states of a document. */
export const changedEntries = (
  collection: Collection,
  before: Fields,
  after: Fields,
): readonly string[] =>
  [...entriesOf(collection, before, after)].filter(
    (entry) =>
      canonical(valueAt(collection, before, entry)) !==
      canonical(valueAt(collection, after, entry)),
  );

export const isClock = (value: unknown): value is Clock =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  CREATED in value &&
  Object.values(value).every(isStamp);

export const sameClock = (left: Clock = {}, right: Clock = {}): boolean => {
  const entries = Object.keys(left);
  return (
    entries.length === Object.keys(right).length &&
    entries.every((entry) => left[entry] === right[entry])
  );
};

/** The entries of a clock that another one does not have so. */
export const writtenSince = (clk: Clock = {}, known: Clock = {}): readonly string[] =>
  Object.keys(clk).filter((entry) => clk[entry] !== known[entry]);

/** The stamps of these entries. */
export const stampsSince = (clk: Clock = {}, known: Clock = {}): readonly string[] =>
  writtenSince(clk, known).flatMap((entry) => clk[entry] ?? []);

/** The highest stamp of the device in a clock; without one, the highest of all. */
export const ownHighest = (clk: Clock, device: string): Stamp | undefined => {
  const stamps = Object.values(clk);
  return highest(stamps.filter((stamp) => deviceOf(stamp) === device)) ?? highest(stamps);
};

/** The name of a row: same content, same name; other content, another name. */
export function operationOf(clk: Clock, deleted: boolean, device: string): OperationId {
  const content = Object.keys(clk)
    .toSorted()
    .map((entry) => `${entry}=${clk[entry] ?? ''}`)
    .join(';');
  return `${ownHighest(clk, device) ?? ''}~${hash53(`${content}|${deleted}`)}` as OperationId;
}

/** cyrb53 by bryc (public domain): 53 bits, told apart from chance, not from malice. */
export function hash53(text: string): string {
  let left = 0xdeadbeef;
  let right = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    left = Math.imul(left ^ code, 2_654_435_761);
    right = Math.imul(right ^ code, 1_597_334_677);
  }
  left =
    Math.imul(left ^ (left >>> 16), 2_246_822_507) ^
    Math.imul(right ^ (right >>> 13), 3_266_489_909);
  right =
    Math.imul(right ^ (right >>> 16), 2_246_822_507) ^
    Math.imul(left ^ (left >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & right) + (left >>> 0)).toString(36);
}
