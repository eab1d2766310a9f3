// Whatever loses is kept where its author finds it, in the commit of its verdict.

import { describe, expect, it } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { readPlain } from '../../server/accept/read-rows.ts';
import { feeding, pin } from '../support/documents.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const { feedings, forms, pins, products } = collections;

/** Ada has made a document on her phone; Bea knows it on her desk. */
async function shared(
  collection = feedings as typeof feedings | typeof pins,
  doc: object = feeding,
) {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  const phone = makeDevice('aaaaaaaaaa', now);
  const desk = makeDevice('bbbbbbbbbb', now);
  await judges.push(phone, [phone.row(collection, phone.make(collection, { ...doc }))]);
  const { id } = doc as { id: string };
  const known = (await judges.stored(collection.name, id)) ?? {};
  const bea = judges.pusher('bea');
  const edit = async (who: 'ada' | 'bea', patch: object, from: WireDocument = known) => {
    judges.clock.nowMs += 1_000;
    const device = who === 'ada' ? phone : desk;
    const row = device.row(collection, device.edit(collection, from, patch), from);
    const { results } = await judges.push(device, [row], judges.pusher(who));
    return results[0];
  };
  const remove = async (who: 'ada' | 'bea', from: WireDocument = known) => {
    judges.clock.nowMs += 1_000;
    const device = who === 'ada' ? phone : desk;
    const { results } = await judges.push(
      device,
      [device.row(collection, device.remove(from), from)],
      judges.pusher(who),
    );
    return results[0];
  };
  return { judges, phone, desk, bea, known, edit, remove };
}

describe('a feeding that two people changed while apart', () => {
  it('keeps the version of the server, and the other one waits for a person', async () => {
    const { judges, edit } = await shared();
    await edit('ada', { amountMl: 90 });
    const late = await edit('bea', { amountMl: 120, notes: 'hungry' });
    expect(late).toMatchObject({ verdict: 'conflict', code: 'concurrent' });
    expect(await judges.stored('feedings', 'f1')).toMatchObject({ amountMl: 90, notes: '' });
    expect(await judges.inbox()).toMatchObject([
      {
        state: 'open',
        collectionName: 'feedings',
        documentId: 'f1',
        author: 'bea',
        device: 'bbbbbbbbbb',
        mine: { amountMl: 120, notes: 'hungry' },
        base: { amountMl: 100, notes: '' },
        theirs: { amountMl: 90 },
        theirsBy: 'ada',
        theirsDevice: 'aaaaaaaaaa',
        theirsRev: 2,
        shared: true,
      },
    ]);
  });

  it('is a conflict also where they changed different fields', async () => {
    const { edit } = await shared();
    await edit('ada', { amountMl: 90 });
    expect(await edit('bea', { notes: 'hungry' })).toMatchObject({ verdict: 'conflict' });
  });

  it('is none where both wrote the same', async () => {
    const { judges, edit } = await shared();
    await edit('ada', { amountMl: 90 });
    expect(await edit('bea', { amountMl: 90 })).toMatchObject({ verdict: 'accepted' });
    expect(await judges.inbox()).toEqual([]);
  });

  it('is none for somebody who saw the other change', async () => {
    const { judges, edit } = await shared();
    await edit('ada', { amountMl: 90 });
    const seen = (await judges.stored('feedings', 'f1')) ?? {};
    expect(await edit('bea', { amountMl: 120 }, seen)).toMatchObject({ verdict: 'accepted' });
  });

  it('is none with oneself, when an answer was lost between two edits', async () => {
    const { judges, phone, known } = await shared();
    const first = phone.edit(feedings, known, { amountMl: 90 });
    await judges.push(phone, [phone.row(feedings, first, known)]);
    const second = phone.edit(feedings, first, { amountMl: 95 });
    const { results } = await judges.push(phone, [phone.row(feedings, second, known)]);
    expect(results[0]).toMatchObject({ verdict: 'accepted' });
  });

  it('has one open entry for each author, and what waited before stays in its history', async () => {
    const { judges, edit } = await shared();
    await edit('ada', { amountMl: 90 });
    await edit('bea', { amountMl: 120 });
    await edit('bea', { amountMl: 130 });
    expect(await judges.inbox()).toMatchObject([
      { mine: { amountMl: 130 }, history: [{ event: 'replaced', version: { amountMl: 120 } }] },
    ]);
  });

  it('sent again gets its verdict again and changes no entry', async () => {
    const { judges, desk, known, edit, bea } = await shared();
    await edit('ada', { amountMl: 90 });
    const row = desk.row(feedings, desk.edit(feedings, known, { amountMl: 120 }), known);
    await judges.push(desk, [row], bea);
    const before = await judges.inbox();
    const { results } = await judges.push(desk, [row], bea);
    expect(results[0]).toMatchObject({ verdict: 'conflict', duplicate: true });
    expect(await judges.inbox()).toEqual(before);
  });

  it('is settled by a delete, and the edit that it took along is kept for its author', async () => {
    const { judges, edit, remove } = await shared();
    await edit('ada', { amountMl: 90 });
    expect(await remove('bea')).toMatchObject({ verdict: 'accepted' });
    expect(await judges.inbox()).toMatchObject([
      {
        state: 'information',
        reason: 'deleted',
        author: 'ada',
        mine: { amountMl: 90 },
        theirs: { deleted: true },
        theirsBy: 'bea',
      },
    ]);
  });

  it('meets a client without clocks in the same way', async () => {
    const { judges, known, edit, bea } = await shared();
    await edit('ada', { amountMl: 90 });
    const row = readPlain(bea, feedings, { ...known, amountMl: 120 }, known);
    const { results } = await judges.accept.plain(bea, [row]);
    expect(results[0]).toMatchObject({ verdict: 'conflict' });
    expect(await judges.inbox()).toMatchObject([
      { state: 'open', author: 'bea', mine: { amountMl: 120 }, base: { amountMl: 100 } },
    ]);
    expect(await judges.stored('feedings', 'f1')).toMatchObject({ amountMl: 90 });
  });
});

describe('what merging by field overwrites', () => {
  it('is kept for the one whose value lost, whichever arrived first', async () => {
    const { judges, phone, desk, known, bea } = await shared(pins, pin);
    const early = phone.edit(pins, known, { title: 'early', notes: 'n' });
    judges.clock.nowMs += 1_000;
    const late = desk.edit(pins, known, { title: 'late' });
    await judges.push(phone, [phone.row(pins, early, known)]);
    await judges.push(desk, [desk.row(pins, late, known)], bea);
    expect(await judges.inbox()).toMatchObject([
      {
        state: 'information',
        reason: 'overwritten',
        author: 'ada',
        fields: ['title'],
        mine: { title: 'early', notes: 'n' },
        theirs: { title: 'late' },
        theirsBy: 'bea',
      },
    ]);
  });

  it('is kept for the one who arrives last with the earlier stamp', async () => {
    const { judges, phone, desk, known, bea } = await shared(pins, pin);
    const early = phone.edit(pins, known, { title: 'early' });
    judges.clock.nowMs += 1_000;
    await judges.push(
      desk,
      [desk.row(pins, desk.edit(pins, known, { title: 'late' }), known)],
      bea,
    );
    await judges.push(phone, [phone.row(pins, early, known)]);
    expect(await judges.inbox()).toMatchObject([
      { reason: 'overtaken', author: 'ada', mine: { title: 'early' }, base: { title: 'Gate' } },
    ]);
  });

  it('is nothing where two answers of one form were filled', async () => {
    const judges = openJudges();
    const now = (): number => judges.clock.nowMs;
    const phone = makeDevice('aaaaaaaaaa', now);
    const desk = makeDevice('bbbbbbbbbb', now);
    const form = { id: 'm1', pin: 'p1', template: 'round', answers: { a: '', b: '' } };
    await judges.push(phone, [
      phone.row(pins, phone.make(pins, pin)),
      phone.row(forms, phone.make(forms, form)),
    ]);
    const known = (await judges.stored('forms', 'm1')) ?? {};
    const answered = (device: typeof phone, key: string) => {
      const stamp = device.edit(forms, known, { x: 1 }).clk?.['x'] ?? '';
      const answers = { ...form.answers, [key]: device.id };
      return { ...known, answers, clk: { ...known.clk, [`answers/${key}`]: stamp } };
    };
    await judges.push(phone, [phone.row(forms, answered(phone, 'a'), known)]);
    const { results } = await judges.push(desk, [desk.row(forms, answered(desk, 'b'), known)]);
    expect(results[0]).toMatchObject({ verdict: 'accepted' });
    expect(await judges.stored('forms', 'm1')).toMatchObject({
      answers: { a: 'aaaaaaaaaa', b: 'bbbbbbbbbb' },
    });
    expect(await judges.inbox()).toEqual([]);
  });

  it('is kept for an edit of what was deleted meanwhile', async () => {
    const { judges, edit, remove } = await shared(pins, pin);
    await remove('ada');
    expect(await edit('bea', { title: 'Too late' })).toMatchObject({
      verdict: 'superseded',
      code: 'deleted',
    });
    expect(await judges.inbox()).toMatchObject([
      { state: 'information', reason: 'deleted', author: 'bea', mine: { title: 'Too late' } },
    ]);
  });
});

it('a merge that the schema does not allow waits for a person, though each version is sound', async () => {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  const phone = makeDevice('aaaaaaaaaa', now);
  const desk = makeDevice('bbbbbbbbbb', now);
  const form = { id: 'm1', pin: 'p1', template: 'round', answers: {} };
  await judges.push(phone, [
    phone.row(pins, phone.make(pins, pin)),
    phone.row(forms, phone.make(forms, form)),
  ]);
  const known = (await judges.stored('forms', 'm1')) ?? {};
  const filled = (device: typeof phone): WireDocument => {
    const keys = Array.from({ length: 150 }, (_none, index) => `${device.id}${index}`);
    const stamps = Object.fromEntries(keys.map((key) => [`answers/${key}`, 'yes']));
    const { clk = {} } = device.edit(forms, known, stamps);
    return { ...known, answers: Object.fromEntries(keys.map((key) => [key, 'yes'])), clk };
  };
  await judges.push(phone, [phone.row(forms, filled(phone), known)]);
  const { results } = await judges.push(desk, [desk.row(forms, filled(desk), known)]);
  expect(results[0]).toMatchObject({ verdict: 'conflict' });
  expect(await judges.inbox()).toMatchObject([{ state: 'open', collectionName: 'forms' }]);
});

it('where the server wins, the whole later row is kept for its author', async () => {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  const phone = makeDevice('aaaaaaaaaa', now);
  const desk = makeDevice('bbbbbbbbbb', now);
  const product = { id: 'x1', name: 'Tea', sku: 'T', priceMinor: 1, stock: 0, reorderLevel: 0 };
  await judges.push(phone, [phone.row(products, phone.make(products, product))]);
  const known = (await judges.stored('products', 'x1')) ?? {};
  const dearer = phone.edit(products, known, { priceMinor: 2 });
  await judges.push(phone, [phone.row(products, dearer, known)]);
  const renamed = desk.edit(products, known, { priceMinor: 3, name: 'Green tea' });
  await judges.push(desk, [desk.row(products, renamed, known)], judges.pusher('bea'));
  expect(await judges.stored('products', 'x1')).toMatchObject({ name: 'Tea', priceMinor: 2 });
  const [entry] = await judges.inbox();
  expect(entry).toMatchObject({
    reason: 'overtaken',
    author: 'bea',
    mine: { name: 'Green tea', priceMinor: 3 },
    base: { name: 'Tea', priceMinor: 1 },
  });
  expect(entry?.mine).not.toHaveProperty('stock');
});

it('a repeated import of what was changed meanwhile leaves no entry', async () => {
  const { judges, edit, known, bea } = await shared();
  await edit('ada', { amountMl: 90 });
  await judges.accept.plain(bea, [readPlain(bea, feedings, known)]);
  expect(await judges.inbox()).toEqual([]);
});
