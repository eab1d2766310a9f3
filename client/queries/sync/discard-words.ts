// What becomes of records when the changes of them that wait, or were refused, are let go: a
// sentence for each kind of change.

import type { OutboxRecord } from '../../../replication/index.ts';
import { INBOX } from '../../../schemas/index.ts';
import { formatNumber } from '../format.ts';
import { withdrawnWords } from '../inbox/decision.ts';
import type { EntryRow } from '../inbox/entries.ts';
import { collectionOf } from '../inbox/settle.ts';

type Member = Pick<OutboxRecord, 'collection' | 'id' | 'kind'>;

/** `The new pin is`, `3 new pins are`: the subject and whether it is one. */
const subject = (members: readonly Member[], adjective: string): readonly [string, boolean] => {
  const [first] = members;
  const names = new Set(members.map(({ collection }) => collection));
  const known = first && names.size === 1 ? collectionOf(first.collection)?.label : undefined;
  const { one, many } = known ?? { one: 'record', many: 'records' };
  return members.length === 1
    ? [`The ${adjective}${one}`, true]
    : [`${formatNumber(members.length)} ${adjective}${many}`, false];
};

const sentences = {
  insert: (members: readonly Member[]) => {
    const [who, isOne] = subject(members, 'new ');
    return isOne
      ? `${who} is deleted here. If it has reached the server already, it comes back from there.`
      : `${who} are deleted here. What has reached the server already comes back from there.`;
  },
  update: (members: readonly Member[]) => {
    const [who, isOne] = subject(members, '');
    return `${who} ${isOne ? 'goes' : 'go'} back to what the server has.`;
  },
  delete: (members: readonly Member[]) => {
    const [who, isOne] = subject(members, '');
    return `${who} ${isOne ? 'comes' : 'come'} back.`;
  },
} as const satisfies Record<Member['kind'], (members: readonly Member[]) => string>;

const KINDS = ['insert', 'update', 'delete'] as const;

/** Of what waits. */
export const discardedWords = (
  members: readonly Member[],
  entries: ReadonlyMap<string, Pick<EntryRow, 'state' | 'resolution'>>,
): string => {
  const decisions = members.filter(({ collection }) => collection === INBOX);
  const others = members.filter(({ collection }) => collection !== INBOX);
  const withdrawn = new Set(decisions.map(({ id }) => withdrawnWords(entries.get(id))));
  const records = KINDS.flatMap((kind) => {
    const found = others.filter((one) => one.kind === kind);
    return found.length > 0 ? [sentences[kind](found)] : [];
  });
  return [...withdrawn, ...records].join(' ');
};
