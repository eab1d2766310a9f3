// The Sync centre's words: how far a write has come, how it ended, and how they are counted.

import type { OutboxRecord, Verified } from '../../../replication/index.ts';
import { formatNumber, plural } from '../format.ts';
import { collectionOf } from '../inbox/settle.ts';
import type { Item, Items } from './items.ts';

const n = formatNumber;

const STATE_WORDS = {
  pending: 'Waits to be sent',
  syncing: 'Being sent',
  failed: 'Could not be sent',
  rejected: 'Not accepted',
  synced: 'Sent',
} as const satisfies Record<OutboxRecord['state'], string>;

export const stateWords = (state: OutboxRecord['state']): string => STATE_WORDS[state];

const VERDICT_WORDS: Readonly<Record<NonNullable<OutboxRecord['verdict']>, string>> = {
  accepted: 'Accepted',
  merged: 'Accepted, together with what somebody else changed',
  superseded: 'Somebody else’s newer change stands',
  conflict: 'Two versions wait for a decision',
  rejected: 'Not accepted',
};

/** How a write was judged; of several, each way once. */
export const verdictWords = ({ members }: Pick<Item, 'members'>): string => {
  const words = members.map(({ verdict }) => VERDICT_WORDS[verdict ?? 'accepted']);
  return [...new Set(words)].join('. ');
};

/** `3 records`: what a group has beside its label. */
export const membersWords = ({ members }: Pick<Item, 'members'>): string =>
  members.length > 1 ? plural(members.length, 'record', 'records') : '';

export const attemptsWords = (attempts: number): string =>
  attempts === 0 ? '' : `tried ${attempts === 1 ? 'once' : `${n(attempts)} times`}`;

/** `3 waiting, 1 being sent, 2 could not be sent`; empty where nothing waits. */
export const countWords = ({ pending, syncing, failed }: Items['counts']): string =>
  [
    pending > 0 ? `${n(pending)} waiting` : '',
    syncing > 0 ? `${n(syncing)} being sent` : '',
    failed > 0 ? `${n(failed)} could not be sent` : '',
  ]
    .filter(Boolean)
    .join(', ');

const collectionName = (name: string): string => {
  const many = collectionOf(name)?.label.many ?? name;
  return many.charAt(0).toUpperCase() + many.slice(1);
};

/** `Pins: 2 are missing here, 1 is here in another version` */
export const verifiedWords = (verified: Verified): string => {
  const { collection, equal, missing, extra, different } = verified;
  const counted = (count: number, words: string): string =>
    count === 0 ? '' : `${n(count)} ${count === 1 ? 'is' : 'are'} ${words}`;
  const differs = [
    counted(missing.length, 'missing here'),
    counted(extra.length, 'only here'),
    counted(different.length, 'here in another version'),
  ].filter(Boolean);
  return `${collectionName(collection)}: ${equal ? 'equal' : differs.join(', ') || 'not equal'}`;
};
