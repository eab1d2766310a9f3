// What this device refuses itself, because no request gets it through: a group as a whole, whatever
// is handed over or written later, and a document as the server has it now.

import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { createMemoryLedger } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import type { FakeServer, Fate } from './support/fake-server.ts';
import { AT_ONCE } from './support/audited.ts';
import { change, door } from './support/feed.ts';
import { carriesGroup, isPush, openWatched, PAIR, servers } from './support/watched.ts';
import { foreign, isSynced } from './support/world.ts';

const hasNothingOf = (server: FakeServer, ...ids: readonly string[]): boolean =>
  [...server.documents.keys()].every((key) => !ids.some((id) => key.endsWith(`/${id}`)));

test.each(['goes on', 'ends then'])(
  'a group that no request can carry does not go in pieces when the page %s',
  async (how) => {
    const server = servers();
    const ledger = createMemoryLedger();
    const client = await openWatched(server, { ledger, timing: { collectMs: 1 } });
    await until(() => isSynced(client));
    const gate = door();
    server.fate = async (request): Promise<Fate> => {
      if (carriesGroup(request)) return { status: 413 };
      if (isPush(request)) await gate.opened;
      return 'go';
    };
    // RxDB hands over nothing more of these collections before they have their answers.
    await client.notes.insert({ id: 'first', title: 'x' });
    await client.collection('places').insert({ id: 'second', title: 'x' });
    await until(() => server.pushes.length === 1);
    await client.sync.atomic('A pair', PAIR);
    gate.open();
    await until(() => client.refused().length === 2);
    if (how === 'ends then') await client.sync.stop();
    const then =
      how === 'ends then'
        ? await openWatched(server, { ledger, database: client.database })
        : client;
    await until(async () => (await then.read('a'))?._deleted === true);
    await until(async () => (await then.read('b', 'places'))?._deleted === true);
    await until(() => then.status().pending === 0);
    expect(hasNothingOf(server, 'a', 'b')).toBe(true);
    expect(then.refused().map(({ code }) => code)).toEqual(['too_large', 'too_large']);
    await until(async () => (await ledger.tries()).length === 0);
  },
);

test('what a member had unsent before is kept, too', async () => {
  const server = servers();
  const client = await openWatched(server);
  await until(() => isSynced(client));
  server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
  await client.notes.insert({ id: 'a', title: 'before' });
  await client.sync.atomic('A pair', [
    { collection: 'notes', id: 'a', update: { title: 'in the group' } },
    { collection: 'places', insert: { id: 'b', title: 'b' } },
  ]);
  server.fate = (request) => (carriesGroup(request) ? { status: 413 } : 'go');
  client.sync.syncNow();
  await until(() => client.status().pending === 0 && client.refused().length > 0);
  const isThere = server.stored('notes', 'a')?.['title'] === 'before';
  const isKept = client.refused().some(({ doc }) => doc['title'] === 'before');
  expect(isThere || isKept).toBe(true);
  expect(client.refused().some(({ doc }) => doc['title'] === 'in the group')).toBe(true);
});

test.each(['discarded', 'refused here'])(
  'a document whose change is %s is in the end as the server has it, though that passed long ago',
  async (how) => {
    const server = servers();
    server.write('notes', foreign('a', 'old'));
    const ledger = createMemoryLedger();
    const first = await openWatched(server, { ledger });
    await until(async () => (await first.read('a')) !== undefined && isSynced(first));
    server.fate = (request) => (isPush(request) ? 'lose request' : 'go');
    await (await first.notes.findOne('a').exec(true)).incrementalPatch({ title: 'mine' });
    await until(() => server.pushes.length > 0);
    await first.sync.stop();
    change(server, 'a', 'new');
    server.write('notes', foreign('after', 'x'));
    const second = await openWatched(server, { ledger, database: first.database });
    await until(async () => (await second.read('after')) !== undefined);
    await second.sync.stop();
    server.requests.length = 0;
    const news = async (): Promise<number> =>
      (await firstValueFrom(ledger.activity$)).filter(({ code }) => code === 'received').length;
    const before = await news();
    // The next page does not know what has passed RxDB.
    const client = await openWatched(server, {
      ledger,
      database: first.database,
      timing: AT_ONCE,
    });
    await until(() => client.of('a') !== undefined && server.pushes.length > 0);
    if (how === 'discarded') await client.sync.discard([client.of('a')?.op ?? '']);
    else {
      server.fate = (request) => (isPush(request) ? { status: 413 } : 'go');
      client.sync.syncNow();
      await until(() => client.refused().length === 1);
    }
    await until(async () => (await client.read('a'))?.['title'] === 'new', 'the new title');
    const [pull] = server.requests.filter(({ path }) => path === '/api/sync/pull');
    expect(pull?.body).toMatchObject({ collections: { notes: `e1:${server.seq}` } });
    await client.sync.stop();
    // What was here already is not told as received.
    expect(await news()).toBe(before);
  },
);
