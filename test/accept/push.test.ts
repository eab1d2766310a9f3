// What becomes of pushed rows: verdicts, merging, repetition, groups.

import { describe, expect, it } from 'vitest';
import { collections } from '../../schemas/index.ts';
import type { WireDocument } from '../../replication/index.ts';
import type { Judged } from '../../server/accept/accept.ts';
import { openJudges } from '../support/judges.ts';
import { makeDevice } from '../support/device.ts';

const { pins, sales, stories } = collections;
const pin = (id: string, fields: object = {}): Record<string, unknown> => ({
  id,
  title: 'North gate',
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
  ...fields,
});
const docOf = (one: Judged | undefined): WireDocument =>
  JSON.parse(one?.current ?? '{}') as WireDocument;

function twoDevices() {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  return { judges, phone: makeDevice('aaaaaaaaaa', now), desk: makeDevice('bbbbbbbbbb', now) };
}

async function withPin() {
  const setting = twoDevices();
  const { judges, phone } = setting;
  const made = phone.make(pins, pin('p1'));
  await judges.push(phone, [phone.row(pins, made)]);
  const shared = (await judges.stored('pins', 'p1')) ?? {};
  return { ...setting, made, shared };
}

describe('one row', () => {
  it('is accepted as it was sent and completed by the commit', async () => {
    const { judges, phone } = twoDevices();
    const made = phone.make(pins, pin('p1'));
    const { results, commit, head } = await judges.push(phone, [phone.row(pins, made)]);
    expect(results).toMatchObject([{ verdict: 'accepted', asSent: true }]);
    expect(head).toBe(1);
    expect(await judges.stored('pins', 'p1')).toEqual({ ...made, ...commit, createdBy: 'ada' });
  });

  it('sent again gets its first verdict, marked duplicate, and changes nothing', async () => {
    const { judges, phone } = twoDevices();
    const row = phone.row(pins, phone.make(pins, pin('p1')));
    await judges.push(phone, [row]);
    const again = await judges.push(phone, [row]);
    expect(again.results).toMatchObject([{ verdict: 'accepted', duplicate: true }]);
    expect(again.head).toBe(1);
  });

  it('sent again after a further edit does not take the edit back', async () => {
    const { judges, phone, made, shared } = await withPin();
    await judges.push(phone, [phone.row(pins, phone.edit(pins, shared, { title: 'New' }), shared)]);
    const { results } = await judges.push(phone, [phone.row(pins, made)]);
    expect(docOf(results[0])['title']).toBe('New');
    expect(results[0]?.duplicate).toBe(true);
  });

  it('whose answer was lost is no conflict with its sender after another edit', async () => {
    const { judges, phone, made } = await withPin();
    const further = phone.edit(pins, made, { title: 'Again' });
    const { results } = await judges.push(phone, [phone.row(pins, further)]);
    expect(results[0]).toMatchObject({ verdict: 'accepted' });
    expect(await judges.stored('pins', 'p1')).toMatchObject({ title: 'Again', rev: 2 });
  });

  it('keeps an honest creation time and loses one from the future', async () => {
    const { judges, phone } = twoDevices();
    const yesterday = new Date(judges.clock.nowMs - 86_400_000).toISOString();
    const nextYear = '2027-03-01T12:00:00.000Z';
    await judges.push(phone, [
      phone.row(pins, { ...phone.make(pins, pin('p1')), createdAt: yesterday }),
      phone.row(pins, { ...phone.make(pins, pin('p2')), createdAt: nextYear }),
    ]);
    expect((await judges.stored('pins', 'p1'))?.createdAt).toBe(yesterday);
    expect((await judges.stored('pins', 'p2'))?.createdAt).toBe('2026-03-01T12:00:00.000Z');
  });

  it('of a device whose clock is hours ahead gets one and the same substitute for its stamp', async () => {
    const { judges } = twoDevices();
    const ahead = makeDevice('cccccccccc', () => judges.clock.nowMs + 7_200_000);
    const made = ahead.make(pins, pin('p1'));
    const { results } = await judges.push(ahead, [ahead.row(pins, made)]);
    const stored = (await judges.stored('pins', 'p1')) ?? {};
    expect(results[0]).toMatchObject({ verdict: 'accepted', asSent: false });
    expect(stored.clk?.['*']).not.toBe(made.clk?.['*']);
    const edited = ahead.edit(pins, made, { title: 'More' });
    await judges.push(ahead, [ahead.row(pins, edited)]);
    expect((await judges.stored('pins', 'p1'))?.clk?.['*']).toBe(stored.clk?.['*']);
    expect((await judges.stored('pins', 'p1'))?.['title']).toBe('More');
  });
});

describe('two people', () => {
  it('who change different fields of one pin both keep their change', async () => {
    const { judges, phone, desk, shared } = await withPin();
    await judges.push(phone, [phone.row(pins, phone.edit(pins, shared, { title: 'T' }), shared)]);
    const { results } = await judges.push(desk, [
      desk.row(pins, desk.edit(pins, shared, { notes: 'N' }), shared),
    ]);
    expect(results[0]).toMatchObject({ verdict: 'accepted', asSent: false });
    expect(docOf(results[0])).toMatchObject({ title: 'T', notes: 'N' });
  });

  it('who change the same field end with the later stamp, whatever arrives last', async () => {
    const { judges, phone, desk, shared } = await withPin();
    const early = desk.edit(pins, shared, { title: 'early' });
    judges.clock.nowMs += 1_000;
    const late = phone.edit(pins, shared, { title: 'late' });
    await judges.push(phone, [phone.row(pins, late, shared)]);
    const { results } = await judges.push(desk, [desk.row(pins, early, shared)]);
    expect(results[0]).toMatchObject({ verdict: 'superseded', code: 'overtaken' });
    expect(docOf(results[0])['title']).toBe('late');
  });

  it('of whom one deletes and one edits end with the delete', async () => {
    const { judges, phone, desk, shared } = await withPin();
    await judges.push(phone, [phone.row(pins, phone.remove(shared), shared)]);
    judges.clock.nowMs += 1_000;
    const edited = desk.edit(pins, shared, { title: 'still here?' });
    const { results } = await judges.push(desk, [desk.row(pins, edited, shared)]);
    expect(results[0]).toMatchObject({ verdict: 'superseded', code: 'deleted' });
    expect(docOf(results[0])._deleted).toBe(true);
  });

  it('where the server wins: the later arrival is superseded as a whole', async () => {
    const { judges, phone, desk } = twoDevices();
    const story = { id: 's1', text: 'Hi', expiresAt: '2026-03-02T00:00:00.000Z' };
    await judges.push(phone, [phone.row(stories, phone.make(stories, story))]);
    const shared = (await judges.stored('stories', 's1')) ?? {};
    await judges.push(phone, [
      phone.row(stories, phone.edit(stories, shared, { text: 'A' }), shared),
    ]);
    judges.clock.nowMs += 1_000;
    const later = desk.edit(stories, shared, { text: 'B', expiresAt: '2026-03-03T00:00:00.000Z' });
    const { results } = await judges.push(desk, [desk.row(stories, later, shared)]);
    expect(results[0]?.verdict).toBe('superseded');
    expect(await judges.stored('stories', 's1')).toMatchObject({
      text: 'A',
      expiresAt: story.expiresAt,
    });
  });
});

describe('a group', () => {
  const grouped = (id: string, size: number) => ({ group: { id, size } });

  it('takes effect as a whole', async () => {
    const { judges, phone } = twoDevices();
    const rows = ['p1', 'p2'].map((id) => ({
      ...phone.row(pins, phone.make(pins, pin(id))),
      ...grouped('g', 2),
    }));
    const { results } = await judges.push(phone, rows);
    expect(results.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
  });

  it('with one bad row is refused as a whole and does not touch its neighbours', async () => {
    const { judges, phone } = twoDevices();
    const good = phone.row(pins, phone.make(pins, pin('p1')));
    const bad = phone.row(pins, phone.make(pins, pin('p2', { kind: 'castle' })));
    const alone = phone.row(pins, phone.make(pins, pin('p3')));
    const { results } = await judges.push(phone, [
      { ...good, ...grouped('g', 2) },
      alone,
      { ...bad, ...grouped('g', 2) },
    ]);
    expect(results).toMatchObject([
      { verdict: 'rejected', code: 'group_refused' },
      { verdict: 'accepted' },
      { verdict: 'rejected', code: 'invalid' },
    ]);
    expect(await judges.stored('pins', 'p1')).toBeUndefined();
    expect(await judges.stored('pins', 'p3')).toBeDefined();
  });

  it('with rows missing is refused, also when the rest of it comes later', async () => {
    const { judges, phone } = twoDevices();
    const rows = ['p1', 'p2'].map((id) => ({
      ...phone.row(pins, phone.make(pins, pin(id))),
      ...grouped('g', 2),
    }));
    const half = await judges.push(phone, rows.slice(0, 1));
    expect(half.results).toMatchObject([{ verdict: 'rejected', code: 'group_incomplete' }]);
    const whole = await judges.push(phone, rows);
    expect(whole.results.map(({ verdict }) => verdict)).toEqual(['rejected', 'rejected']);
    expect(await judges.stored('pins', 'p2')).toBeUndefined();
  });
});

describe('a refused row', () => {
  it('loses its fields in later rows, and the rest of them stands', async () => {
    const { judges, phone, shared } = await withPin();
    const bad = phone.edit(pins, shared, { title: '' });
    const first = await judges.push(phone, [phone.row(pins, bad, shared)]);
    expect(first.results[0]).toMatchObject({ verdict: 'rejected', code: 'invalid' });
    expect(docOf(first.results[0])['title']).toBe('North gate');
    const fixed = phone.edit(pins, { ...bad, title: 'never judged' }, { notes: 'N' });
    const { results } = await judges.push(phone, [phone.row(pins, fixed, shared)]);
    expect(results[0]?.verdict).toBe('merged');
    expect(await judges.stored('pins', 'p1')).toMatchObject({ title: 'North gate', notes: 'N' });
  });

  it('that was an insert refuses what stands on it, and its id can be used again', async () => {
    const { judges, phone } = twoDevices();
    const bad = phone.make(pins, pin('p1', { kind: 'castle' }));
    await judges.push(phone, [phone.row(pins, bad)]);
    const built = phone.edit(pins, { ...bad, kind: 'site' }, { notes: 'N' });
    const standing = await judges.push(phone, [phone.row(pins, built)]);
    expect(standing.results[0]).toMatchObject({ verdict: 'rejected', code: 'refused_before' });
    const again = await judges.push(phone, [phone.row(pins, phone.make(pins, pin('p1')))]);
    expect(again.results[0]?.verdict).toBe('accepted');
  });

  it('stays refused when it comes again after its author was given the right', async () => {
    const { judges, phone } = twoDevices();
    const row = phone.row(pins, phone.make(pins, pin('p1')));
    await judges.push(phone, [row], judges.pusher('eve', 'viewer'));
    const again = await judges.push(phone, [row], judges.pusher('eve', 'member'));
    expect(again.results).toMatchObject([{ verdict: 'rejected', duplicate: true }]);
  });

  it('of a key that may only read is accepted when it comes with one that may write', async () => {
    const { judges, phone } = twoDevices();
    const row = phone.row(pins, phone.make(pins, pin('p1')));
    const reading = { ...judges.pusher('ada'), readOnly: true };
    const refused = await judges.push(phone, [row], reading);
    expect(refused.results).toMatchObject([{ verdict: 'rejected', code: 'read_only' }]);
    expect((await judges.push(phone, [row])).results[0]?.verdict).toBe('accepted');
  });

  it('can not be made to be refused by somebody else who sends it first', async () => {
    const { judges, phone } = twoDevices();
    const row = phone.row(pins, phone.make(pins, pin('p1')));
    await judges.push(phone, [row], judges.pusher('mallory-', 'viewer'));
    const own = await judges.push(phone, [row], judges.pusher('ada'));
    expect(own.results).toMatchObject([{ verdict: 'accepted' }]);
  });

  it('that changes what never changes says so, and the rest of the document stays', async () => {
    const { judges, phone } = twoDevices();
    const sale = { id: 's1', items: [], totalMinor: 5, payment: 'cash', void: false };
    const made = phone.make(sales, { ...sale, soldAt: '2026-03-01T10:00:00.000Z' });
    await judges.push(phone, [phone.row(sales, made)]);
    const shared = (await judges.stored('sales', 's1')) ?? {};
    const cheaper = phone.edit(sales, shared, { totalMinor: 4, void: true });
    const { results } = await judges.push(phone, [phone.row(sales, cheaper, shared)]);
    expect(results[0]).toMatchObject({ verdict: 'rejected', code: 'immutable' });
    const voided = phone.edit(sales, shared, { void: true });
    const second = await judges.push(phone, [phone.row(sales, voided, shared)]);
    expect(second.results[0]?.verdict).toBe('accepted');
  });

  it('of a viewer leaves the document as it is and says how that stands', async () => {
    const { judges, phone, shared } = await withPin();
    const edited = phone.edit(pins, shared, { title: 'Mine' });
    const viewer = judges.pusher('eve', 'viewer');
    const { results } = await judges.push(phone, [phone.row(pins, edited, shared)], viewer);
    expect(results[0]).toMatchObject({ verdict: 'rejected', code: 'forbidden' });
    expect(docOf(results[0])['title']).toBe('North gate');
  });
});

describe('concurrent pushes', () => {
  it('share commits, and their answers tell the final state', async () => {
    const { judges, phone, desk, shared } = await withPin();
    // Learns whose devices they are, for which it asks the store.
    for (const device of [phone, desk]) await judges.push(device, []);
    const [first, second] = await Promise.all([
      judges.push(phone, [phone.row(pins, phone.edit(pins, shared, { title: 'T' }), shared)]),
      judges.push(desk, [desk.row(pins, desk.edit(pins, shared, { notes: 'N' }), shared)]),
    ]);
    expect([first.head, second.head]).toEqual([2, 2]);
    expect(docOf(first.results[0])).toMatchObject({ title: 'T', notes: 'N' });
    expect(first.results[0]?.asSent).toBe(false);
  });

  it('tell it also of what was not there yet when the row was judged', async () => {
    const { judges, phone, desk } = await withPin();
    const made = desk.make(pins, pin('late'));
    const edit = phone.edit(pins, { ...made, rev: 1 }, { title: 'T' });
    const rows = [phone.row(pins, edit, { ...made, rev: 1 }), phone.row(pins, made)];
    const { results } = await judges.push(phone, rows);
    expect(results.map(({ code }) => code)).toEqual(['gone', undefined]);
    expect(docOf(results[0])).toMatchObject({ id: 'late' });
  });
});
