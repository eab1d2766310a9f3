// Documents that RxDB would never send or never update again are found and brought back. Real RxDB
// clients, whose storage a test brings into the state that a crash or a turned clock leaves.

import { REPLICATION_STATE_BY_COLLECTION } from 'rxdb/plugins/replication';
import { expect, test, vi } from 'vitest';
import { createMemoryLedger, type WireDocument } from '../../replication/index.ts';
import { until } from '../support/until.ts';
import type { FakeServer } from './support/fake-server.ts';
import { holdNext, innermost, withContext } from './support/storage.ts';
import { isPush, openWatched, servers } from './support/watched.ts';
import { foreign, isSynced, type Client } from './support/world.ts';

const AUDIT_WAITS = [2_000, 600_000, 21_600_000];

/** The waits of an audit are over when the test says so. */
const clockwork = () => {
  const waiting = new Set<() => void>();
  return {
    platform: {
      after: (delayMs: number, run: () => void) => {
        if (AUDIT_WAITS.includes(delayMs)) {
          waiting.add(run);
          return () => void waiting.delete(run);
        }
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    pass: () => {
      for (const run of Array.from(waiting)) {
        waiting.delete(run);
        run();
      }
    },
  };
};
const start = async (server: FakeServer, given: Parameters<typeof openWatched>[1] = {}) => {
  const { platform, pass } = clockwork();
  const client = await openWatched(server, {
    ...given,
    platform: { ...given.platform, ...platform },
  });
  const writes = vi.spyOn(client.notes.storageInstance, 'bulkWrite');
  const touched = (): string[] =>
    writes.mock.calls.flatMap(([rows, context]) =>
      context === 'holdfast-audit' ? rows.map(({ document }) => String(document['id'])) : [],
    );
  /** As often as it takes: a collection that is not at rest is looked at again later. */
  const passUntil = (fits: () => boolean | Promise<boolean>): Promise<unknown> =>
    until(() => {
      pass();
      return fits();
    });
  return { ...client, pass, passUntil, touched };
};
/** As RxDB writes what it has pulled: it takes no notice of it, and here it never wrote more. */
const writeUnseen = async (client: Client, document: WireDocument): Promise<void> => {
  const [state] = REPLICATION_STATE_BY_COLLECTION.get(client.notes) ?? [];
  const flag = await state?.internalReplicationState?.downstreamBulkWriteFlag;
  const { storageInstance } = client.notes;
  const [previous] = await storageInstance.findDocumentsById([String(document['id'])], true);
  const whole = { _deleted: false, _attachments: {}, _meta: { lwt: 1 }, _rev: '', ...document };
  await storageInstance.bulkWrite(
    [{ ...(previous && { previous }), document: { ...previous, ...whole } }],
    flag ?? '',
  );
};
const own = (client: Client, counter: string): string =>
  `${Date.now().toString(16).padStart(12, '0')}${counter}-${client.sync.device()}000000`;
const inStep = async (client: Client, server: FakeServer): Promise<void> => {
  server.write('notes', foreign('first', 'first'));
  await until(async () => isSynced(client) && (await client.read('first')) !== undefined);
};

test('a document that a crash has cut off from its meta data is updated again', async () => {
  const server = servers();
  const client = await start(server);
  await inStep(client, server);
  server.write('notes', foreign('a', 'theirs'));
  await until(async () => (await client.read('a'))?.['title'] === 'theirs');
  const cut = { ...server.stored('notes', 'a'), id: 'cut', title: 'theirs' };
  server.documents.set('notes/cut', cut);
  await writeUnseen(client, cut);
  server.write('notes', {
    ...cut,
    title: 'newer',
    clk: { ...cut.clk, title: own(client, 'ffffff') },
  });
  await until(() => isSynced(client));
  expect((await client.read('cut'))?.['title']).toBe('theirs');
  await client.passUntil(async () => (await client.read('cut'))?.['title'] === 'newer');
  expect(client.touched()).toEqual(['cut']);
  await until(() => client.activity().some(({ code }) => code === 'repaired'));
});

test('an edit that RxDB has lost sight of is sent once, a delete too', async () => {
  const server = servers();
  const client = await start(server);
  await inStep(client, server);
  server.write('notes', foreign('a', 'one'), foreign('b', 'two'));
  await until(async () => (await client.read('b')) !== undefined && isSynced(client));
  const [a, b] = [await client.read('a'), await client.read('b')];
  await writeUnseen(client, {
    id: 'a',
    title: 'mine',
    clk: { ...a?.clk, title: own(client, '000001') },
  });
  await writeUnseen(client, {
    id: 'b',
    _deleted: true,
    clk: { ...b?.clk, '-': own(client, '000002') },
  });
  expect(client.status().pending).toBe(0);
  await client.passUntil(() => server.stored('notes', 'a')?.['title'] === 'mine');
  await until(() => server.stored('notes', 'b')?._deleted === true && isSynced(client));
  expect(server.rows.map(({ doc }) => String(doc['id'])).toSorted()).toEqual(['a', 'b']);
  client.pass();
  await until(() => isSynced(client));
  expect(client.touched().toSorted()).toEqual(['a', 'b']);
});

test('what was written after the clock was set back is counted at the next start, and sent', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const first = await start(server, { ledger });
  await first.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.rows.length === 1 && isSynced(first));
  await first.sync.stop();
  const [known] = await first.notes.storageInstance.findDocumentsById(['a'], true);
  const early = { ...known, id: 'early', clk: { '*': own(first, '000001') }, rev: 0 };
  await innermost(first.notes.storageInstance).bulkWrite(
    [{ document: { ...early, _meta: { lwt: 5 } } }],
    'x',
  );
  await ledger.noteSession({ isOpen: false, clockMs: Date.now() + 3_600_000 });
  const second = await start(server, { ledger, database: first.database });
  await until(() => second.status().pending === 1);
  await second.passUntil(() => server.stored('notes', 'early') !== undefined && isSynced(second));
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['a', 'early']);
});

test('after a clean end a start looks only at what is new, and writes nothing', async () => {
  const server = servers();
  const ledger = createMemoryLedger();
  const first = await start(server, { ledger });
  await inStep(first, server);
  await first.notes.insert({ id: 'a', title: 'x' });
  await until(() => server.rows.length === 1 && isSynced(first));
  await first.sync.stop();
  const second = await start(server, { ledger, database: first.database });
  await until(() => isSynced(second));
  second.pass();
  await second.notes.insert({ id: 'b', title: 'x' });
  await until(() => server.rows.length === 2 && isSynced(second));
  second.pass();
  expect([second.touched(), server.rows.length]).toEqual([[], 2]);
});

test('all that waits is counted at a start, also what RxDB has yet to hand over', async () => {
  const server = servers();
  server.fate = (request) => (isPush(request) ? 'hang' : 'go');
  const first = await start(server);
  await until(() => isSynced(first));
  await first.notes.bulkInsert(
    Array.from({ length: 1_700 }, (_, index) => ({ id: `n${index}`, title: 'x' })),
  );
  await until(() => server.pushes.length === 1);
  await first.sync.stop();
  const second = await start(server, { database: first.database });
  await until(() => second.status().pending === 1_700);
  server.fate = () => 'go';
  await second.sync.stop();
  const third = await start(server, { database: first.database });
  await until(() => server.documents.size === 1_700 && isSynced(third));
});

test('a document whose answer is being stored is left alone, however long that takes', async () => {
  const server = servers();
  const client = await start(server);
  await inStep(client, server);
  const hold = holdNext(client.notes, 'bulkWrite', withContext('replication-up-write-conflict'));
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => hold.isHolding());
  client.pass();
  client.pass();
  expect(client.touched()).toEqual([]);
  hold.release();
  await until(() => isSynced(client));
  client.pass();
  await client.notes.insert({ id: 'b', title: 'x' });
  await until(() => server.rows.length === 2 && isSynced(client));
  expect([client.touched(), server.rows.length]).toEqual([[], 2]);
});

test('what was refused or withdrawn is no unsent work', async () => {
  const server = servers();
  server.judge = () => ({ verdict: 'rejected', code: 'no', message: 'No.' });
  const ledger = createMemoryLedger();
  const first = await start(server, { ledger });
  await first.notes.insert({ id: 'a', title: 'bad' });
  await until(() => first.refused().length === 1 && first.status().pending === 0);
  await first.sync.stop();
  await ledger.noteSession({ isOpen: true, clockMs: 0 });
  const second = await start(server, { ledger, database: first.database });
  await until(() => second.status().state === 'attention');
  second.pass();
  await until(() => second.status().pending === 0);
  await second.notes.insert({ id: 'b', title: 'bad' });
  await until(() => second.refused().length === 2);
  expect(server.rows.map(({ doc }) => doc['id'])).toEqual(['a', 'b']);
});
