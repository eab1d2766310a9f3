// The care log's API on a real server: clean records, versions, conflicts, and who may what.

import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSync } from '../../replication/index.ts';
import { collections, type Conflict } from '../../schemas/index.ts';
import { careApi, MORNING, pulled, type CareApi, type Reply } from '../support/care-api.ts';
import { startLiveServer, type LiveServer } from '../support/live-server.ts';
import { until } from '../support/until.ts';

let live: LiveServer;
let ada: CareApi;
let bea: CareApi;
let adasKey: string;
let beasKey: string;
beforeEach(async () => {
  live = await startLiveServer();
  adasKey = await live.keyFor('ada');
  beasKey = await live.keyFor('bea');
  ada = careApi(live.url, adasKey);
  bea = careApi(live.url, beasKey);
});
afterEach(() => live.stop());

type Fields = Record<string, unknown>;
const recordIn = ({ body }: Reply): Fields => body['record'] as Fields;
const versionIn = (reply: Reply): string => String(recordIn(reply)['updated_at']);
const listed = async (query = ''): Promise<readonly Fields[]> =>
  (await ada('GET', query)).body['records'] as Fields[];

const documents = (key: string, name: string) => pulled(live.url, key, name);
const inboxOf = async (key: string) => (await documents(key, 'conflicts')) as unknown as Conflict[];
const stateOf = async (): Promise<string> => JSON.stringify(await documents(adasKey, 'feedings'));

describe('a feeding', () => {
  it('is made, read, changed and deleted as a clean record', async () => {
    const made = await ada('POST', '', MORNING);
    expect(made).toEqual({
      status: 201,
      body: { success: true, record: { ...MORNING, updated_at: versionIn(made) } },
    });
    expect(await listed()).toEqual([recordIn(made)]);

    const changed = await bea('PUT', '/morning', {
      ...recordIn(made),
      amount_ml: 90,
      last_known_version: versionIn(made),
    });
    expect(changed.status).toBe(200);
    expect(recordIn(changed)).toEqual({
      ...MORNING,
      amount_ml: 90,
      updated_at: versionIn(changed),
    });
    expect(versionIn(changed) > versionIn(made)).toBe(true);

    const deleted = await ada('DELETE', `/morning?last_known_version=${versionIn(changed)}`);
    expect(deleted).toEqual({
      status: 200,
      body: {
        success: true,
        record: { client_id: 'morning', deleted: true, updated_at: versionIn(deleted) },
      },
    });
    expect(await listed()).toEqual([]);
  });

  it('keeps the fields that a change leaves out', async () => {
    await ada('POST', '', MORNING);
    const changed = await ada('PUT', '/morning', { notes: 'Very hungry' });
    expect(recordIn(changed)).toMatchObject({ ...MORNING, notes: 'Very hungry' });
  });

  it('takes times with any zone and keeps them in UTC', async () => {
    const times = {
      '2026-03-01T08:30:00+02:00': '2026-03-01T06:30:00.000Z',
      '2026-03-01T00:30-0600': '2026-03-01T06:30:00.000Z',
      '2026-03-01T05:30:00.25-01': '2026-03-01T06:30:00.250Z',
    };
    for (const [given, kept] of Object.entries(times)) {
      const made = await ada('POST', '', { ...MORNING, client_id: given, feeding_time: given });
      expect([given, recordIn(made)['feeding_time']]).toEqual([given, kept]);
    }
  });

  it('is the same one when it is sent again, and a conflict with other content', async () => {
    const made = await ada('POST', '', MORNING);
    const head = await stateOf();
    expect(await ada('POST', '', MORNING)).toEqual({ ...made, status: 200 });
    expect(await bea('POST', '', { ...MORNING, amount_ml: 10 })).toEqual({
      status: 409,
      body: { success: false, conflict: true, server_record: recordIn(made) },
    });
    expect(await stateOf()).toBe(head);
    expect(await inboxOf(beasKey)).toEqual([]);
  });

  it('that is not there cannot be changed or deleted', async () => {
    expect((await ada('PUT', '/nowhere', { notes: '' })).status).toBe(404);
    expect((await ada('DELETE', '/nowhere')).status).toBe(404);
    expect(await documents(adasKey, 'feedings')).toEqual([]);
  });

  it('that was deleted stays so, and a late change of it is kept for its author', async () => {
    await ada('POST', '', MORNING);
    const deleted = await ada('DELETE', '/morning');
    expect(await ada('DELETE', '/morning')).toEqual(deleted);
    const gone = { success: false, conflict: true, server_record: recordIn(deleted) };
    expect(await bea('PUT', '/morning', { amount_ml: 5 })).toEqual({ status: 409, body: gone });
    expect(await ada('POST', '', MORNING)).toEqual({ status: 409, body: gone });
    const entries = await inboxOf(beasKey);
    expect(entries).toMatchObject([
      { state: 'information', reason: 'deleted', mine: { amountMl: 5 } },
    ]);
    await bea('PUT', '/morning', { amount_ml: 5 });
    expect(await inboxOf(beasKey)).toEqual(entries);
  });
});

describe('a change of a version that is out of date', () => {
  /** Bea has seen the first version, and Ada has made another. */
  async function overtaken() {
    const seen = versionIn(await ada('POST', '', MORNING));
    const current = recordIn(await ada('PUT', '/morning', { amount_ml: 90 }));
    return { seen, current, change: { amount_ml: 150, last_known_version: seen } };
  }

  it('is refused with the stored record, and waits in the inbox of its author', async () => {
    const { current, change } = await overtaken();
    expect(await bea('PUT', '/morning', change)).toEqual({
      status: 409,
      body: { success: false, conflict: true, server_record: current },
    });
    expect(await listed()).toEqual([current]);
    const [entry, ...others] = await inboxOf(beasKey);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      collectionName: 'feedings',
      documentId: 'morning',
      state: 'open',
      reason: 'concurrent',
      fields: ['amountMl'],
      mine: { amountMl: 150, notes: MORNING.notes },
      theirs: { amountMl: 90 },
    });
    // What its author saw is not known, and nobody makes it up.
    expect(entry).not.toHaveProperty('base');
    const [doc] = await documents(adasKey, 'feedings');
    expect(entry?.author).not.toBe(doc?.['updatedBy']);
    expect(await inboxOf(adasKey)).toEqual([]);
  });

  it('sent again gets the same answer and changes nothing', async () => {
    const { change } = await overtaken();
    const first = await bea('PUT', '/morning', change);
    const entries = await inboxOf(beasKey);
    expect(await bea('PUT', '/morning', change)).toEqual(first);
    expect(await inboxOf(beasKey)).toEqual(entries);
    await bea('PUT', '/morning', { ...change, amount_ml: 160 });
    expect(await inboxOf(beasKey)).toMatchObject([
      { mine: { amountMl: 160 }, history: [{ event: 'replaced', version: { amountMl: 150 } }] },
    ]);
  });

  it('is no conflict where it brings what is stored already', async () => {
    const { seen, current } = await overtaken();
    const answer = await bea('PUT', '/morning', { amount_ml: 90, last_known_version: seen });
    expect(answer).toEqual({ status: 200, body: { success: true, record: current } });
    expect(await inboxOf(beasKey)).toEqual([]);
  });

  it('deletes nothing, whether the version comes in the address or in the body', async () => {
    const { seen, current } = await overtaken();
    const refused = {
      status: 409,
      body: { success: false, conflict: true, server_record: current },
    };
    expect(await bea('DELETE', `/morning?last_known_version=${seen}`)).toEqual(refused);
    expect(await bea('DELETE', '/morning', { last_known_version: seen })).toEqual(refused);
    expect(await listed()).toEqual([current]);
  });

  it('stands where it names no version: the last one to arrive wins', async () => {
    await overtaken();
    expect(recordIn(await bea('PUT', '/morning', { amount_ml: 150 }))['amount_ml']).toBe(150);
    expect(await inboxOf(beasKey)).toEqual([]);
    expect(await inboxOf(adasKey)).toEqual([]);
  });

  it('may name its version with another zone', async () => {
    const made = await ada('POST', '', MORNING);
    const zoned = `${versionIn(made).slice(0, -1)}+00:00`;
    const answer = await ada('PUT', '/morning', { amount_ml: 1, last_known_version: zoned });
    expect(answer.status).toBe(200);
  });
});

it('what is written here reaches an open dashboard at once, and a conflict is settled there', async () => {
  const storage = getRxStorageMemory();
  const database = await createRxDatabase({ name: 'care-desk', storage, multiInstance: false });
  const { feedings, conflicts } = collections;
  const sync = await startSync({
    database,
    collections: [feedings, conflicts],
    url: live.url,
    token: beasKey,
  });
  const local = async (name: string, field: string): Promise<readonly unknown[]> =>
    ((await database.collections[name]?.find().exec()) ?? []).map((found) => found.get(field));

  const seen = versionIn(await ada('POST', '', MORNING));
  await until(async () => (await local('feedings', 'amountMl')).includes(120), 'the feeding');
  await ada('PUT', '/morning', { amount_ml: 77 });
  await until(async () => (await local('feedings', 'amountMl')).includes(77), 'the change');
  await bea('PUT', '/morning', { amount_ml: 78, last_known_version: seen });
  await until(async () => (await local('conflicts', 'state')).includes('open'), 'the conflict');
  const entry = await database.collections['conflicts']?.findOne().exec(true);
  await entry?.incrementalPatch({ resolution: { choice: 'mine' } });
  await until(async () => (await listed())[0]?.['amount_ml'] === 78, 'the settled record');
  await ada('DELETE', '/morning');
  await until(async () => (await local('feedings', 'id')).length === 0, 'the end');
  await sync.stop();
  await database.close();
});
