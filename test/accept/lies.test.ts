// Rows that say what is not so: about what they started from, about time, about who wrote what.

import { describe, expect, it } from 'vitest';
import { operationOf, timeOf, type PushRow, type WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { makeDevice, type Device } from '../support/device.ts';
import { openJudges, type Judges } from '../support/judges.ts';

const { forms, pins, stories } = collections;
const FAR = 'ffffffffff00000000';
const pin = (id: string): Record<string, unknown> => ({
  id,
  title: 'North gate',
  position: { lat: 1, lng: 2 },
  kind: 'site',
  status: 'open',
  notes: '',
});

function setting() {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  return { judges, phone: makeDevice('aaaaaaaaaa', now), desk: makeDevice('bbbbbbbbbb', now) };
}

async function withPin() {
  const { judges, phone, desk } = setting();
  await judges.push(phone, [phone.row(pins, phone.make(pins, pin('p1')))]);
  return { judges, phone, desk, shared: await now(judges) };
}
const now = async (judges: Judges, id = 'p1', collection = 'pins'): Promise<WireDocument> =>
  (await judges.stored(collection, id)) ?? {};
const named = (device: Device, row: PushRow): PushRow => ({
  ...row,
  op: operationOf(row.doc.clk ?? {}, row.doc._deleted === true, device.id),
});

describe('a stamp from the far future', () => {
  it('is replaced also where the row claims to have started from it', async () => {
    const { judges, phone, desk, shared } = await withPin();
    const stamp = `${FAR}-${phone.id}abcdef`;
    const clk = { ...shared.clk, title: stamp };
    const doc = { ...shared, title: 'mine for ever', clk };
    const base = { rev: shared.rev ?? 0, clk };
    const { results } = await judges.push(phone, [named(phone, { ...phone.row(pins, doc), base })]);
    expect(results[0]?.verdict).toBe('accepted');
    const stored = await now(judges);
    expect(timeOf(stored.clk?.['title'] ?? '')).toBeLessThanOrEqual(judges.clock.nowMs + 60_000);
    judges.clock.nowMs += 1_000;
    const edited = desk.edit(pins, stored, { title: 'ours' });
    await judges.push(desk, [desk.row(pins, edited, stored)]);
    expect((await now(judges))['title']).toBe('ours');
  });

  it('keeps its writer, so that an edit after a lost answer is no conflict with oneself', async () => {
    const { judges } = setting();
    const ahead = makeDevice('cccccccccc', () => judges.clock.nowMs + 7_200_000);
    const story = { id: 's1', text: 'Hi', expiresAt: '2026-03-02T00:00:00.000Z' };
    const made = ahead.make(stories, story);
    await judges.push(ahead, [ahead.row(stories, made)]);
    const edited = ahead.edit(stories, made, { text: 'Ho' });
    const { results } = await judges.push(ahead, [ahead.row(stories, edited)]);
    expect(results[0]?.verdict).toBe('accepted');
    expect((await now(judges, 's1', 'stories'))['text']).toBe('Ho');
  });

  it('stays replaced when a later edit of the same document is refused', async () => {
    const { judges } = setting();
    const ahead = makeDevice('cccccccccc', () => judges.clock.nowMs + 7_200_000);
    const made = ahead.make(pins, pin('p1'));
    await judges.push(ahead, [ahead.row(pins, made)]);
    const bad = ahead.edit(pins, made, { title: '' });
    await judges.push(ahead, [ahead.row(pins, bad)]);
    const good = ahead.edit(pins, made, { notes: 'fine' });
    const { results } = await judges.push(ahead, [ahead.row(pins, good)]);
    expect(results[0]?.verdict).toBe('accepted');
  });
});

describe('an operation id', () => {
  it('that was used for another document is refused instead of counted as done', async () => {
    const { judges, phone } = setting();
    const first = phone.make(pins, pin('p1'));
    const second = { ...first, id: 'p2' };
    const rows = [phone.row(pins, first), phone.row(pins, second)];
    const { results } = await judges.push(phone, rows);
    expect(results).toMatchObject([
      { verdict: 'accepted' },
      { verdict: 'rejected', code: 'bad_operation' },
    ]);
  });

  it('that stands twice in a group does not make the group whole', async () => {
    const { judges, phone } = setting();
    const row = { ...phone.row(pins, phone.make(pins, pin('p1'))), group: { id: 'g', size: 2 } };
    const { results } = await judges.push(phone, [row, row]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['rejected', 'rejected']);
    expect(await judges.stored('pins', 'p1')).toBeUndefined();
  });
});

describe('a clock', () => {
  it('with an entry before its creation is refused', async () => {
    const { judges, phone, shared } = await withPin();
    const early = `000000000001000000-${phone.id}abcdef`;
    const doc = { ...shared, title: 'T', clk: { ...shared.clk, title: early } };
    const { results } = await judges.push(phone, [named(phone, phone.row(pins, doc, shared))]);
    expect(results[0]).toMatchObject({ verdict: 'rejected', code: 'bad_stamp' });
  });

  it('has no entry for the whole of a field that merges by key', async () => {
    const { judges, phone } = setting();
    const form = { id: 'f1', pin: 'p1', template: 't', answers: { q1: 'a' } };
    const made = phone.make(forms, form);
    await judges.push(phone, [phone.row(forms, made)]);
    const whole = phone.edit(forms, made, { answers: {} });
    const { results } = await judges.push(phone, [phone.row(forms, whole)]);
    expect(results[0]).toMatchObject({ verdict: 'rejected', code: 'bad_stamp' });
  });

  it('that says nothing of a changed field leaves that field as it was', async () => {
    const { judges, phone, shared } = await withPin();
    const doc = { ...phone.edit(pins, shared, { notes: 'N' }), title: 'zzz smuggled' };
    await judges.push(phone, [phone.row(pins, doc, shared)]);
    expect(await now(judges)).toMatchObject({ notes: 'N', title: 'North gate' });
  });
});

it('a version vector takes only what the pushing device says of itself', async () => {
  const { judges, phone, shared } = await withPin();
  const edited = phone.edit(pins, shared, { notes: 'N' });
  const doc = { ...edited, vv: { ...edited.vv, dddddddddd: `${FAR}-dddddddddd000000` } };
  await judges.push(phone, [phone.row(pins, doc, shared)]);
  expect(Object.keys((await now(judges)).vv ?? {})).toEqual([phone.id]);
});

it('half a character in an id is refused, and the neighbours stand', async () => {
  const { judges, phone } = setting();
  const rows = ['p1', 'a\ud800', 'p2'].map((id) => phone.row(pins, phone.make(pins, pin(id))));
  const { results } = await judges.push(phone, rows);
  expect(results.map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected', 'accepted']);
});
