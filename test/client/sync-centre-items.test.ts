// One item of the Sync centre: which one a sheet stays with, what was written in it, what a decision
// is called, and what comes of letting go.

import { describe, expect, it } from 'vitest';
import { followItem } from '../../client/components/sync/use-open-item.ts';
import { decidedFacts, decisionName, withdrawnWords } from '../../client/queries/inbox/decision.ts';
import type { EntryRow } from '../../client/queries/inbox/entries.ts';
import { deedWords, retriedOf } from '../../client/queries/sync/deed-words.ts';
import { discardedWords } from '../../client/queries/sync/discard-words.ts';
import { foldGroups, itemsOf, type Item } from '../../client/queries/sync/items.ts';
import { typedWords } from '../../client/queries/sync/typed-words.ts';
import { waitingWrite } from '../../client/queries/sync/use-waiting-writes.ts';
import type { OutboxRecord } from '../../replication/index.ts';
import { here, NOW, record } from './outbox-record.ts';

const counts = { pending: 0, syncing: 0, failed: 0, rejected: 0, synced: 0 };
const items = (...records: readonly OutboxRecord[]) => itemsOf({ records, counts });
const itemOf = (one: OutboxRecord): Item => {
  const [item] = foldGroups([one]);
  if (!item) throw new Error('There is no item.');
  return item;
};

describe('a sheet', () => {
  const refused = record('a', { state: 'rejected', verdict: 'rejected' });
  const sent = record('a', { op: 'op-older', state: 'synced', verdict: 'accepted' });
  const waiting = record('a', { op: 'op-newer' });

  it('of a refused change shows no other change of that record once it is gone', () => {
    expect(followItem(items(refused, sent, waiting), itemOf(refused))?.key).toBe('op-a');
    expect(followItem(items(sent, waiting), itemOf(refused))).toBeUndefined();
  });

  it('of what waits follows it when it is edited, sent or refused, and shows no older one', () => {
    const before = itemOf(record('a'));
    expect(followItem(items(sent, waiting), before)?.first.op).toBe('op-newer');
    expect(followItem(items(refused, sent), before)?.state).toBe('rejected');
    const done = record('a', { state: 'synced', verdict: 'accepted' });
    expect(followItem(items(sent, done), before)?.first.op).toBe('op-a');
    expect(followItem(items(sent), before)).toBeUndefined();
  });
});

describe('what waits', () => {
  const DEVICE = 'd'.repeat(10);
  const stamp = (atMs: number, device = DEVICE): string =>
    `${atMs.toString(16).padStart(12, '0')}000000-${device}000000`;
  const doc = (rev: number, updatedAtMs: number, clk: Readonly<Record<string, string>>) => ({
    collection: 'pins',
    id: 'a',
    document: { id: 'a', rev, updatedAt: new Date(updatedAtMs).toISOString(), clk },
  });

  it('is of a new record everything', () => {
    const content = doc(0, NOW, { '*': stamp(NOW), title: stamp(NOW + 5) });
    expect(waitingWrite(content, DEVICE, NOW)).not.toHaveProperty('changed');
  });

  it('is of another one what this device wrote and the server does not have', () => {
    const content = doc(7, NOW, {
      '*': stamp(NOW - 50),
      title: stamp(NOW - 9),
      status: stamp(NOW + 20, 'e'.repeat(10)),
      kind: stamp(NOW + 10),
      notes: stamp(NOW + 20),
    });
    expect(waitingWrite(content, DEVICE, NOW + 20).changed).toEqual(['kind', 'notes']);
    // Somebody else's version has come since the oldest unsent write.
    expect(waitingWrite(content, DEVICE, NOW - 9).changed).toEqual(['title', 'kind', 'notes']);
  });

  it('is everything where that is not known', () => {
    const content = doc(7, NOW, { '*': stamp(NOW - 50), notes: stamp(NOW, 'e'.repeat(10)) });
    expect(waitingWrite(content, DEVICE, NOW)).not.toHaveProperty('changed');
  });
});

const AT = new Date(NOW).toISOString();
const entry: EntryRow = {
  id: 'c',
  collectionName: 'feedings',
  documentId: 'f',
  op: '',
  state: 'open',
  phase: 'settled',
  decidedHere: true,
  reason: 'concurrent',
  fields: ['amountMl'],
  author: 'bea',
  device: 'b1',
  mineAt: AT,
  mine: { feedingTime: '2026-11-28T15:03:00.000Z', amountMl: 120 },
  theirs: { feedingTime: '2026-11-28T15:03:00.000Z', amountMl: 90 },
  theirsBy: 'ada',
  theirsDevice: 'a1',
  theirsAt: AT,
  theirsRev: 3,
  history: [],
  shared: true,
};

describe('a decision', () => {
  it.each([
    [{ choice: 'mine' }, 'Decision on feeding, Today, 3:03 PM'],
    [{ choice: 'undo' }, 'Decision taken back: feeding, Today, 3:03 PM'],
    [{ choice: 'seen' }, 'Put away: feeding, Today, 3:03 PM'],
    [undefined, 'Two versions of feeding, Today, 3:03 PM'],
  ] as const)('%j is called after its record', (resolution, name) => {
    const decided = { ...entry, ...(resolution && { resolution }) };
    expect(decisionName(decided, here).replaceAll(/\s/g, ' ')).toBe(name);
  });

  it('on a pin’s title is called after the title that the server has', () => {
    const [mine, theirs] = [{ title: 'South' }, { title: 'North' }];
    expect(decisionName({ ...entry, collectionName: 'pins', mine, theirs }, here)).toBe(
      'Two versions of pin, North',
    );
  });

  it('says what the record becomes', () => {
    const facts = (resolution: NonNullable<EntryRow['resolution']>) =>
      decidedFacts({ ...entry, resolution }, here);
    expect(facts({ choice: 'mine' })).toEqual([['Amount', '120 ml']]);
    expect(facts({ choice: 'theirs' })).toEqual([['Amount', '90 ml']]);
    expect(facts({ choice: 'merge', merged: { amountMl: 105 } })).toEqual([['Amount', '105 ml']]);
    expect(facts({ choice: 'seen' })).toEqual([]);
  });

  it('that is withdrawn leaves the conflict as the server has it', () => {
    const words = (state: EntryRow['state'], choice: 'mine' | 'undo' | 'seen') =>
      withdrawnWords({ state, resolution: { choice } });
    expect(words('open', 'mine')).toBe('The conflict is open again.');
    expect(words('settled', 'undo')).toBe('The decision that the server has stands again.');
    expect(words('information', 'seen')).toBe('It stands in the inbox again.');
  });
});

describe('what comes of discarding', () => {
  const words = (...members: readonly OutboxRecord[]) =>
    discardedWords(members, new Map([['c', { ...entry, resolution: { choice: 'mine' } }]]));

  it('is said for each kind of change, with the records by their kind', () => {
    expect(words(record('a', { kind: 'delete' }))).toBe('The pin comes back.');
    expect(words(record('a', { kind: 'update' }))).toBe(
      'The pin goes back to what the server has.',
    );
    expect(words(record('a'))).toMatch(/^The new pin is deleted here\. If it has reached/);
    expect(
      words(record('a'), record('b'), record('f', { collection: 'forms', kind: 'delete' })),
    ).toBe(
      '2 new pins are deleted here. What has reached the server already comes back from there. ' +
        'The form comes back.',
    );
    expect(words(record('a'), record('f', { collection: 'forms' }))).toMatch(/^2 new records are/);
  });

  it('of a decision is that the conflict is open again', () => {
    expect(words(record('c', { collection: 'conflicts', kind: 'update' }))).toBe(
      'The conflict is open again.',
    );
  });
});

it('what was typed has the fields’ own names, and lines that were typed stay as they are', () => {
  const members = [record('a'), record('f', { collection: 'forms' })];
  const typed =
    'pins/a title: West: gate\npins/a notes: one\npins/b two\nforms/f answers/condition: worn';
  expect(typedWords(typed, members)).toBe(
    'Title: West: gate\nNotes: one\npins/b two\nCondition: worn',
  );
});

it('what was tried again is said to wait until the server refuses it anew', () => {
  const refused = (id: string, op = `op-${id}`) =>
    record(id, { op, state: 'rejected', verdict: 'rejected' });
  // An older change of the same record stays refused.
  const before = items(refused('a'), refused('b'), refused('b', 'op-older'));
  const deed = retriedOf([itemOf(refused('a')), itemOf(refused('b'))], before);
  expect(deedWords(deed, before).words).toBe('They wait to be sent again.');
  const some = items(refused('a', 'op-again'), refused('b', 'op-older'), refused('c'));
  expect(deedWords(deed, some)).toEqual({ words: 'Some were again not accepted.', waits: true });
  const all = items(refused('a', 'op-again'), refused('b', 'op-again-b'));
  expect(deedWords(deed, all)).toEqual({
    words: 'Again not accepted. The reason stands with it.',
    waits: false,
  });
});
