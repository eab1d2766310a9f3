// What a write is called, in people's words, and what it needs.

import type { Collection } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';
import { keyOf } from './key.ts';
import type { OutboxRecord } from './record.ts';

const MOST_LETTERS = 60;
const WORDS = { insert: 'New', update: 'Changed', delete: 'Deleted' } as const;

/** By the clock of this device. */
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** What people know the document by, on one line; empty where its schema names no field for that. */
export const nameOf = (collection: Collection, document: WireDocument): string =>
  [textOf(collection, document), timeOf(collection, document)].filter((part) => part).join(', ');

function timeOf({ nameTime }: Collection, document: WireDocument): string {
  const atMs = nameTime === undefined ? Number.NaN : Date.parse(String(document[nameTime]));
  return Number.isNaN(atMs) ? '' : `${clock.format(atMs)}, ${day.format(atMs)}`;
}

function textOf({ nameField, nameUnit }: Collection, document: WireDocument): string {
  const value = nameField === undefined ? undefined : document[nameField];
  if (typeof value === 'number') return [value.toLocaleString(), nameUnit].join(' ').trim();
  if (typeof value !== 'string') return '';
  const line = value.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= MOST_LETTERS) return line;
  // Never half of a surrogate pair.
  const cut = line.slice(0, MOST_LETTERS).replace(/[\ud800-\udbff]$/, '');
  return `${cut}…`;
}

/** `1 change`, `3,917 changes` */
export const changesOf = (count: number): string =>
  count === 1 ? '1 change' : `${count.toLocaleString()} changes`;

/** `New pin “North gate”` */
export const labelOf = ({ label }: Collection, kind: OutboxRecord['kind'], name: string): string =>
  `${WORDS[kind]} ${label.one}${name === '' ? '' : ` “${name}”`}`;

/** The documents that it refers to, as `collection/id`. */
export const needsOf = ({ references }: Collection, document: WireDocument): readonly string[] =>
  Object.entries(references).flatMap(([field, target]) => {
    const id = document[field];
    return typeof id === 'string' ? [keyOf(target, id)] : [];
  });
