// What the outbox lists: one item for each write, and one for writes that stand or fall together.

import type { Outbox, OutboxRecord } from '../../../replication/index.ts';

export interface Item {
  /** Names it in addresses, and in its list. */
  readonly key: string;
  readonly label: string;
  readonly state: OutboxRecord['state'];
  /** The first of them, in the outbox's order. */
  readonly first: OutboxRecord;
  readonly members: readonly OutboxRecord[];
  readonly createdAtMs: number;
  readonly attempts: number;
  readonly lastError?: string;
  readonly lastAttemptAtMs?: number;
}

export interface Items {
  readonly waiting: readonly Item[];
  /** What waits and is not listed, because there is too much. */
  readonly more: number;
  readonly failed: readonly Item[];
  readonly refused: readonly Item[];
  readonly finished: readonly Item[];
  readonly counts: Outbox['counts'];
}

export const recordKey = ({ collection, id }: Pick<OutboxRecord, 'collection' | 'id'>): string =>
  `${collection}/${id}`;

/** What is furthest from its end speaks for all. */
const STATES = ['rejected', 'failed', 'syncing', 'pending', 'synced'] as const;

/** A waiting document keeps its name while it is edited; a refused or sent version has its own. */
const keyOf = (record: OutboxRecord): string => {
  if (record.group) return record.group.id;
  return record.state === 'rejected' || record.state === 'synced' ? record.op : recordKey(record);
};

const latest = (members: readonly OutboxRecord[]): OutboxRecord | undefined =>
  members.reduce<OutboxRecord | undefined>(
    (one, other) => ((other.lastAttemptAtMs ?? 0) > (one?.lastAttemptAtMs ?? 0) ? other : one),
    undefined,
  );

const itemOf = (key: string, first: OutboxRecord, members: readonly OutboxRecord[]): Item => {
  const { lastError = members.find((one) => one.lastError !== undefined)?.lastError, ...tried } =
    latest(members) ?? first;
  return {
    key,
    label: first.group?.label ?? first.label,
    state: STATES.find((state) => members.some((one) => one.state === state)) ?? first.state,
    first,
    members,
    createdAtMs: Math.min(...members.map(({ createdAtMs }) => createdAtMs)),
    attempts: Math.max(...members.map(({ attempts }) => attempts)),
    ...(lastError === undefined ? {} : { lastError }),
    ...(tried.lastAttemptAtMs === undefined ? {} : { lastAttemptAtMs: tried.lastAttemptAtMs }),
  };
};

/** In the order of each item's first record. */
export const foldGroups = (records: readonly OutboxRecord[]): readonly Item[] => {
  const byKey = new Map<string, OutboxRecord[]>();
  for (const record of records) {
    const key = keyOf(record);
    const members = byKey.get(key);
    if (members) members.push(record);
    else byKey.set(key, [record]);
  }
  return [...byKey].flatMap(([key, members]) =>
    members[0] === undefined ? [] : [itemOf(key, members[0], members)],
  );
};

const WAITING: ReadonlySet<OutboxRecord['state']> = new Set(['pending', 'syncing', 'failed']);

export const itemsOf = ({ records, counts }: Outbox): Items => {
  const waiting = records.filter(({ state }) => WAITING.has(state));
  const items = foldGroups(waiting);
  return {
    waiting: items,
    more: Math.max(0, counts.pending + counts.syncing + counts.failed - waiting.length),
    failed: items.filter(({ state }) => state === 'failed'),
    // What lost to somebody else is explained by the inbox.
    refused: foldGroups(
      records.filter(({ state, verdict }) => state === 'rejected' && verdict === 'rejected'),
    ),
    finished: foldGroups(records.filter(({ state }) => state === 'synced')),
    counts,
  };
};

const newOf = ({ members }: Item): readonly string[] =>
  members.filter(({ kind }) => kind === 'insert').map(recordKey);

/** What can't be sent without the new records of an item, itself or through others. */
export const dependentsOf = (item: Item, waiting: readonly Item[]): readonly Item[] => {
  const made = new Set(newOf(item));
  const found = new Set<Item>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const other of waiting) {
      const needs = other.members.some(({ dependsOn }) => dependsOn.some((key) => made.has(key)));
      if (!needs || other.key === item.key || found.has(other)) continue;
      found.add(other);
      for (const key of newOf(other)) made.add(key);
    }
  }
  return [...found];
};

/** By its own name, or by that of an operation or a record in it. */
export const findItem = (items: readonly Item[], name: string): Item | undefined =>
  items.find(({ key }) => key === name) ??
  items.find(({ members }) => members.some((one) => one.op === name || recordKey(one) === name));
