// What happened, in sentences: in a line of the inbox, and above and below a decision.

import { formatAgo, formatClock } from '../format.ts';
import type { EntryRow } from './entries.ts';
import { kindOf, labelOf } from './faces.ts';
import type { Side } from './settle.ts';

/** Whose screen it is, and how everybody is called. */
export interface People {
  readonly me: string;
  readonly device: string;
  readonly names: Readonly<Record<string, string>>;
}

const list = new Intl.ListFormat('en');

/** Somebody who is no member any more has no name here. */
export const personOf = (id: string, { me, names }: People): string =>
  id === me ? 'You' : (names[id] ?? 'Somebody');
const inside = (id: string, people: People): string =>
  personOf(id, people).replace(/^(?:You|Somebody)$/, (word) => word.toLowerCase());
/** Within a sentence. */
const whose = (id: string, people: People): string =>
  id === people.me ? 'your' : `${inside(id, people)}’s`;

/** `Amount, notes and 3 more` */
const fieldsOf = (collection: string, fields: readonly string[]): string => {
  const labels = fields.map((field) => labelOf(collection, field));
  const shown = labels.length > 3 ? [...labels.slice(0, 2), `${labels.length - 2} more`] : labels;
  return list.format(shown.map((label) => label.toLowerCase()));
};

const overwritten = (entry: EntryRow, people: People): string => {
  const { author, theirsBy, collectionName, fields } = entry;
  const what = fields.length === 0 ? 'version' : fieldsOf(collectionName, fields);
  return `${personOf(theirsBy, people)} overwrote ${whose(author, people)} ${what}`;
};

const informed = (entry: EntryRow, people: People): string => {
  const { author, theirsBy } = entry;
  switch (entry.reason) {
    case 'deleted':
      return `${personOf(theirsBy, people)} deleted it while ${inside(author, people)} changed it`;
    case 'settled_before':
      return `${personOf(theirsBy, people)} decided first; ${whose(author, people)} decision is kept here`;
    case 'concurrent':
    case 'overtaken':
    case 'overwritten':
      return overwritten(entry, people);
  }
};

const decided = ({ resolution, author, theirsBy, settledBy }: EntryRow, people: People): string => {
  const who = personOf(settledBy ?? people.me, people);
  switch (resolution?.choice) {
    case 'mine':
      return `${who} kept ${whose(author, people)} version`;
    case 'theirs':
      return `${who} kept ${whose(theirsBy, people)} version`;
    case 'merge':
      return `${who} merged both versions`;
    case 'seen':
      return `${who} put it away`;
    case 'undo':
    case undefined:
      return `${who} decided`;
  }
};

/** Of a decision that the server has not judged. */
export const waitingWords = ({ phase }: EntryRow): string =>
  phase === 'open' ? 'Taken back here, not sent yet' : 'Decided here, not sent yet';

/** What an entry is about, in a sentence without its full stop. */
export const sentenceOf = (entry: EntryRow, people: People): string => {
  switch (entry.phase) {
    case 'open': {
      const both = list.format([personOf(entry.author, people), inside(entry.theirsBy, people)]);
      return `${both} changed it at the same time`;
    }
    case 'information':
      return informed(entry, people);
    case 'settled':
      return decided(entry, people);
  }
};

export const titleOf = (
  { phase, collectionName, reason, author }: EntryRow,
  { me }: People,
): string => {
  const kind = kindOf(collectionName);
  if (phase === 'open') return `Two versions of this ${kind}`;
  if (phase === 'settled') return `Settled: this ${kind}`;
  if (reason === 'deleted') return `This ${kind} was deleted`;
  return author === me ? 'Your value was overwritten' : 'A value was overwritten';
};

const deviceOf = (by: string, device: string, people: People): string => {
  if (device === '') return '';
  if (device === people.device) return ', on this device';
  return by === people.me ? ', on another of your devices' : ', on their own device';
};

/** `You wrote yours just now, on this device.` */
export const wrote = (
  by: string,
  device: string,
  at: string,
  people: People,
  nowMs: number,
): string => {
  const atMs = Date.parse(at);
  const ago = formatAgo(atMs, nowMs);
  const when = /^\d|just now|ago/.test(ago) ? ago : `on ${formatClock(atMs, nowMs)}`;
  return `${personOf(by, people)} wrote ${by === people.me ? 'yours' : 'theirs'} ${when}${deviceOf(by, device, people)}.`;
};

const events = {
  replaced: 'changed the version that waits',
  moved: 'decided, but the record had changed meanwhile',
  settled: 'settled it',
  reopened: 'took the decision back',
} as const satisfies Record<EntryRow['history'][number]['event'], string>;

/** Everything that the entry has seen, the oldest first. */
export const historyOf = (
  entry: EntryRow,
  people: People,
): readonly { readonly at: string; readonly words: string }[] => [
  ...[
    { at: entry.theirsAt, by: entry.theirsBy },
    { at: entry.history[0]?.at ?? entry.mineAt, by: entry.author },
  ]
    .map(({ at, by }) => ({
      at,
      words: `${personOf(by, people)} changed the ${kindOf(entry.collectionName)}`,
    }))
    .toSorted((one, other) => one.at.localeCompare(other.at)),
  ...entry.history.map(({ at, by, event }) => ({
    at,
    words: `${personOf(by, people)} ${events[event]}`,
  })),
  ...(entry.decidedHere ? [{ at: '', words: waitingWords(entry) }] : []),
];

/** Over the columns: `Yours`, `Ada’s`. */
export const sidesOf = (
  { author, theirsBy }: EntryRow,
  people: People,
): Readonly<Record<Side, string>> => {
  if (author === theirsBy) return { mine: 'Waiting', theirs: 'Saved' };
  const head = (id: string): string => (id === people.me ? 'Yours' : `${personOf(id, people)}’s`);
  return { mine: head(author), theirs: head(theirsBy) };
};

/** For the author: `Keep mine`, `Keep theirs`; for a manager with names. */
export const keepWords = (entry: EntryRow, side: Side, people: People): string => {
  const { author, theirsBy } = entry;
  if (author === people.me && theirsBy !== people.me)
    return side === 'mine' ? 'Keep mine' : 'Keep theirs';
  const id = side === 'mine' ? author : theirsBy;
  if (author === theirsBy)
    return side === 'mine' ? 'Keep the one that waits' : 'Keep the saved one';
  return id === people.me ? 'Keep mine' : `Keep ${whose(id, people)}`;
};
