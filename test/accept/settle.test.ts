// A person decides about two versions; the server writes what follows in the same commit.

import { describe, expect, it } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { collections, type Conflict, type Role } from '../../schemas/index.ts';
import { feeding } from '../support/documents.ts';
import { makeDevice } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const { conflicts, feedings } = collections;
type Who = 'ada' | 'bea' | 'eve';

/** Ada wrote 90, Bea 120; Bea's version waits. */
async function waiting() {
  const judges = openJudges();
  const now = (): number => judges.clock.nowMs;
  const devices = {
    ada: makeDevice('aaaaaaaaaa', now),
    bea: makeDevice('bbbbbbbbbb', now),
    eve: makeDevice('eeeeeeeeee', now),
  };
  const send = async (
    who: Who,
    collection: typeof feedings | typeof conflicts,
    before: WireDocument,
    patch: object,
    role: Role = 'member',
  ) => {
    judges.clock.nowMs += 1_000;
    const device = devices[who];
    const row = device.row(collection, device.edit(collection, before, patch), before);
    const { results } = await judges.push(device, [row], judges.pusher(who, role));
    return results[0];
  };
  const { ada } = devices;
  await judges.push(ada, [ada.row(feedings, ada.make(feedings, { ...feeding }))]);
  const known = (await judges.stored('feedings', 'f1')) ?? {};
  await send('ada', feedings, known, { amountMl: 90 });
  await send('bea', feedings, known, { amountMl: 120, notes: 'hungry' });
  const entry = async (): Promise<WireDocument> => {
    const [first] = await judges.inbox();
    return (first ?? {}) as unknown as WireDocument;
  };
  const decide = async (
    who: Who,
    resolution: Conflict['resolution'],
    from?: WireDocument,
    role?: Role,
  ) => send(who, conflicts, from ?? (await entry()), { resolution }, role);
  const document = () => judges.stored('feedings', 'f1');
  return { judges, devices, send, known, entry, decide, document };
}

describe('the author of a waiting version', () => {
  it('keeps it: the document takes it, and the entry says who decided when', async () => {
    const { decide, document, entry } = await waiting();
    expect(await decide('bea', { choice: 'mine' })).toMatchObject({ verdict: 'accepted' });
    const now = await document();
    expect(now).toMatchObject({ amountMl: 120, notes: 'hungry', updatedBy: 'bea' });
    expect(await entry()).toMatchObject({
      state: 'settled',
      resolution: { choice: 'mine' },
      settledBy: 'bea',
      settledRev: now?.rev,
      history: [{ event: 'settled', by: 'bea' }],
    });
    expect((await entry()).rev).toBe(now?.rev);
  });

  it('lets the other one stand: the document is not touched', async () => {
    const { decide, document, entry } = await waiting();
    const before = await document();
    await decide('bea', { choice: 'theirs' });
    expect(await document()).toEqual(before);
    expect(await entry()).toMatchObject({ state: 'settled' });
  });

  it('merges field by field', async () => {
    const { decide, document, known } = await waiting();
    const merged = { ...feeding, amountMl: 90, notes: 'hungry' };
    const { id: _id, ...fields } = merged;
    await decide('bea', { choice: 'merge', merged: fields });
    expect(await document()).toMatchObject({ amountMl: 90, notes: 'hungry' });
    expect((await document())?.createdBy).toBe(known.createdBy);
  });

  it('goes on editing it, and that is what is kept then', async () => {
    const { send, decide, document, entry } = await waiting();
    const before = await entry();
    const mine = { ...(before as unknown as Conflict).mine, amountMl: 125 };
    expect(await send('bea', conflicts, before, { mine })).toMatchObject({ verdict: 'accepted' });
    expect(await document()).toMatchObject({ amountMl: 90 });
    expect(await entry()).toMatchObject({ state: 'open', mine: { amountMl: 125 } });
    await decide('bea', { choice: 'mine' });
    expect(await document()).toMatchObject({ amountMl: 125 });
  });

  it('edits and decides in one go, offline', async () => {
    const { send, document, entry } = await waiting();
    const before = await entry();
    const mine = { ...(before as unknown as Conflict).mine, amountMl: 125 };
    await send('bea', conflicts, before, { mine, resolution: { choice: 'mine' } });
    expect(await document()).toMatchObject({ amountMl: 125 });
  });

  it('undoes it: the document is as it was, and the entry waits again', async () => {
    const { decide, document, entry } = await waiting();
    await decide('bea', { choice: 'mine' });
    expect(await decide('bea', { choice: 'undo' })).toMatchObject({ verdict: 'accepted' });
    expect(await document()).toMatchObject({ amountMl: 90, notes: '' });
    expect(await entry()).toMatchObject({ state: 'open', mine: { amountMl: 120 } });
    await decide('bea', { choice: 'theirs' });
    expect(await entry()).toMatchObject({ state: 'settled' });
  });

  it('does not undo it once the document has moved on', async () => {
    const { decide, document, send } = await waiting();
    await decide('bea', { choice: 'mine' });
    await send('ada', feedings, (await document()) ?? {}, { notes: 'later' });
    expect(await decide('bea', { choice: 'undo' })).toMatchObject({
      verdict: 'rejected',
      code: 'moved_on',
    });
    expect(await document()).toMatchObject({ amountMl: 120, notes: 'later' });
  });

  it('changes the decision without the steps between having been sent', async () => {
    const { decide, document } = await waiting();
    await decide('bea', { choice: 'mine' });
    expect(await decide('bea', { choice: 'theirs' })).toMatchObject({ verdict: 'accepted' });
    expect(await document()).toMatchObject({ amountMl: 90 });
  });

  it('decides about a document that has moved on: the entry stays open and shows the new version', async () => {
    const { judges, decide, document, send, entry } = await waiting();
    const seen = await entry();
    await send('ada', feedings, (await document()) ?? {}, { amountMl: 95 });
    expect(await decide('bea', { choice: 'mine' }, seen)).toMatchObject({
      verdict: 'superseded',
      code: 'moved_on',
    });
    expect(await document()).toMatchObject({ amountMl: 95 });
    const now = await entry();
    expect(now).toMatchObject({ state: 'open', theirs: { amountMl: 95 } });
    expect(now).not.toHaveProperty('resolution');
    expect(now).toMatchObject({ history: [{ event: 'moved', version: { amountMl: 120 } }] });
    expect(await judges.inbox()).toHaveLength(1);
    await decide('bea', { choice: 'mine' });
    expect(await document()).toMatchObject({ amountMl: 120 });
  });
});

describe('several people', () => {
  it('settle one conflict: the first decision stands, the second is kept as information', async () => {
    const { judges, decide, document, entry } = await waiting();
    const seen = await entry();
    await decide('bea', { choice: 'mine' });
    const { id: _id, ...merged } = { ...feeding, amountMl: 111 };
    expect(await decide('ada', { choice: 'merge', merged }, seen, 'manager')).toMatchObject({
      verdict: 'superseded',
      code: 'settled_before',
    });
    expect(await document()).toMatchObject({ amountMl: 120 });
    expect(await judges.inbox()).toMatchObject([
      { state: 'settled', settledBy: 'bea' },
      { state: 'information', reason: 'settled_before', author: 'ada', mine: { amountMl: 111 } },
    ]);
  });

  it('settle it only where they may: the author, owners and managers', async () => {
    const { decide, document } = await waiting();
    expect(await decide('eve', { choice: 'theirs' })).toMatchObject({ code: 'forbidden' });
    expect(await decide('bea', { choice: 'mine' }, undefined, 'viewer')).toMatchObject({
      code: 'forbidden',
    });
    expect(await decide('eve', { choice: 'mine' }, undefined, 'manager')).toMatchObject({
      verdict: 'accepted',
    });
    expect(await document()).toMatchObject({ amountMl: 120, updatedBy: 'eve' });
  });
});

describe('an entry of the inbox refuses', () => {
  it.each([
    ['a field of the server', { state: 'settled' }, 'immutable'],
    ['another version of theirs', { theirs: {} }, 'immutable'],
    ['a merge without fields', { resolution: { choice: 'merge' } }, 'invalid'],
    [
      'a merge that breaks the schema',
      { resolution: { choice: 'merge', merged: { amountMl: -1 } } },
      'invalid',
    ],
    ['a version that breaks the schema', { mine: { amountMl: 'much' } }, 'invalid'],
    ['that a waiting one was only seen', { resolution: { choice: 'seen' } }, 'not_open'],
  ])('%s', async (_what, patch, code) => {
    const { send, entry, document, judges } = await waiting();
    const before = [await document(), await judges.inbox()];
    const outcome = await send('bea', conflicts, await entry(), patch);
    expect(outcome).toMatchObject({ verdict: 'rejected', code });
    expect([await document(), await judges.inbox()]).toEqual(before);
  });

  it('being made or removed by anybody', async () => {
    const { judges, devices, entry } = await waiting();
    const known = await entry();
    const { bea } = devices;
    const gone = bea.row(conflicts, bea.remove(known), known);
    const own = bea.row(conflicts, bea.make(conflicts, { ...known, id: 'new' }));
    const { results } = await judges.push(bea, [gone, own], judges.pusher('bea'));
    expect(results.map(({ code }) => code)).toEqual(['forbidden', 'forbidden']);
    expect(await judges.inbox()).toHaveLength(1);
  });

  it('a decision once the document is gone, and says so', async () => {
    const { judges, devices, decide, document, entry } = await waiting();
    const { ada } = devices;
    const now = (await document()) ?? {};
    await judges.push(ada, [ada.row(feedings, ada.remove(now), now)]);
    expect(await decide('bea', { choice: 'mine' })).toMatchObject({
      verdict: 'superseded',
      code: 'deleted',
    });
    expect(await entry()).toMatchObject({ state: 'information', mine: { amountMl: 120 } });
  });
});

it('information is put away by having been seen', async () => {
  const { judges, devices, decide, document, entry } = await waiting();
  const { ada } = devices;
  const now = (await document()) ?? {};
  await judges.push(ada, [ada.row(feedings, ada.remove(now), now)]);
  await decide('bea', { choice: 'mine' });
  expect(await decide('bea', { choice: 'seen' })).toMatchObject({ verdict: 'accepted' });
  expect(await entry()).toMatchObject({ state: 'settled', settledBy: 'bea' });
});
