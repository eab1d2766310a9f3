// Rows about documents that were deleted so long ago that only a digest of their place is left.

import { expect, it } from 'vitest';
import type { PushRow } from '../../replication/index.ts';
import { readPlain } from '../../server/accept/read-rows.ts';
import { collections, type Conflict } from '../../schemas/index.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const { pins, forms } = collections;
const PIN = {
  id: 'p1',
  title: 'North gate',
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
};

/** A pin that was made, deleted and purged, as two devices know it. */
async function withPurgedPin() {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  const phone = makeDevice('aaaaaaaaaa', now);
  const desk = makeDevice('bbbbbbbbbb', now);
  const row = phone.row(pins, phone.make(pins, PIN));
  await judges.push(phone, [row]);
  const shared = (await judges.stored('pins', 'p1')) ?? {};
  await judges.push(phone, [phone.row(pins, phone.remove(shared), shared)]);
  const { workspace } = judges.pusher('ada');
  await judges.store.purge(workspace, now() + 1_000);
  expect(await judges.stored('pins', 'p1')).toBeUndefined();
  const inbox = async (): Promise<readonly Conflict[]> =>
    (await judges.store.scan(workspace, 'conflicts', '', 100)).map(
      ({ text }) => JSON.parse(text) as Conflict,
    );
  const verdict = async (rows: readonly PushRow[], of = desk) =>
    (await judges.push(of, rows)).results.map((one) => [one.verdict, one.code]);
  return { judges, phone, desk, row, shared, inbox, verdict };
}

it('an edit of a purged document loses to its delete and waits in the inbox', async () => {
  const { desk, shared, inbox, verdict } = await withPurgedPin();
  const edited = desk.edit(pins, shared, { title: 'South gate' });
  expect(await verdict([desk.row(pins, edited, shared)])).toEqual([['superseded', 'gone']]);
  expect(await inbox()).toMatchObject([
    { documentId: 'p1', reason: 'deleted', state: 'information', mine: { title: 'South gate' } },
  ]);
});

it('an insert of a purged id is one too: it does not bring the document back', async () => {
  const { judges, desk, inbox, verdict } = await withPurgedPin();
  expect(await verdict([desk.row(pins, desk.make(pins, PIN))])).toEqual([['superseded', 'gone']]);
  expect(await judges.stored('pins', 'p1')).toBeUndefined();
  expect(await inbox()).toHaveLength(1);
});

it('a push from before the purge that comes again changes nothing', async () => {
  const { judges, phone, row, verdict } = await withPurgedPin();
  expect(await verdict([row], phone)).toEqual([['superseded', 'gone']]);
  expect(await judges.stored('pins', 'p1')).toBeUndefined();
});

it('a delete of a purged document is accepted, with and without a base', async () => {
  const { judges, desk, shared, inbox, verdict } = await withPurgedPin();
  const removed = desk.remove(shared);
  expect(await verdict([desk.row(pins, removed, shared)])).toEqual([['accepted', undefined]]);
  const again = desk.remove(desk.make(pins, PIN));
  expect(await verdict([desk.row(pins, again)])).toEqual([['accepted', undefined]]);
  expect(await judges.stored('pins', 'p1')).toBeUndefined();
  expect(await inbox()).toEqual([]);
});

it('a client without clocks loses a purged document likewise, and once', async () => {
  const { judges, inbox } = await withPurgedPin();
  const bea = judges.pusher('bea');
  for (let times = 0; times < 2; times += 1) {
    const { results } = await judges.accept.plain(bea, [readPlain(bea, pins, PIN)]);
    expect(results).toMatchObject([{ verdict: 'superseded', code: 'gone' }]);
  }
  const entries = await inbox();
  expect(entries).toHaveLength(1);
  expect(entries[0]?.rev).toBe(3);
});

it('an id that nobody deleted is free', async () => {
  const { desk, verdict } = await withPurgedPin();
  expect(await verdict([desk.row(pins, desk.make(pins, { ...PIN, id: 'p2' }))])).toEqual([
    ['accepted', undefined],
  ]);
});

it('what refers to a purged document is told that it was deleted', async () => {
  const { judges, desk } = await withPurgedPin();
  const form = desk.make(forms, { id: 'f1', pin: 'p1', template: 'inspection', answers: {} });
  const { results } = await judges.push(desk, [desk.row(forms, form)]);
  expect(results[0]).toMatchObject({ verdict: 'rejected', code: 'missing_reference' });
  expect(results[0]?.message).toContain('was deleted meanwhile');
});
