import 'fake-indexeddb/auto';
import { createRxDatabase } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { afterEach, expect, test, vi } from 'vitest';
import { removeDatabases } from '../../client/database/remove.ts';
import { countUnsent, partingFrom, readUnsent } from '../../client/rescue/unsent.ts';
import { createDexieLedger } from '../../replication/outbox/dexie-ledger.ts';
import { FakeServer } from '../replication/support/fake-server.ts';
import { newName, note, notes, openClient } from '../replication/support/world.ts';
import { until } from '../support/until.ts';

const others = note('others');

/** A device with what it has sent and what it has not, closed. */
const leave = async (): Promise<string> => {
  const server = new FakeServer([notes, others]);
  const name = newName();
  const database = await createRxDatabase({ name, storage: getRxStorageDexie() });
  const ledger = createDexieLedger(name);
  const collections = [notes, others];
  const client = await openClient(server, { database, ledger, collections });
  for (const id of ['kept', 'changed', 'deleted']) await client.notes.insert({ id, title: id });
  await client.collection('others').insert({ id: 'elsewhere', title: 'x' });
  server.judge = ({ doc }) =>
    doc['title'] === 'refused' ? { verdict: 'rejected', code: 'no', message: 'No.' } : undefined;
  await client.notes.insert({ id: 'refused', title: 'refused' });
  await until(() => client.refused().length === 1 && client.status().pending === 0);
  server.fate = () => 'lose request';
  await client.notes.insert({ id: 'new', title: 'new' });
  const changed = await client.notes.findOne('changed').exec(true);
  await changed.incrementalPatch({ title: 'other' });
  await (await client.notes.findOne('deleted').exec(true)).remove();
  await client.sync.atomic('A sale', [
    { collection: 'others', insert: { id: 'together', title: 'x' } },
    { collection: 'notes', insert: { id: 'too', title: 'x' } },
  ]);
  await client.sync.stop();
  await database.close();
  await ledger.close();
  return name;
};

const brief = async (name: string) => {
  const found = await readUnsent(name);
  return {
    documents: found.documents.map(({ collection, id, kind }) => `${kind} ${collection}/${id}`),
    groups: found.groups.map(({ label, members }) => [label, members.map(({ id }) => id)]),
    refused: found.refused.map(({ id }) => id),
    unread: found.unread,
    count: countUnsent(found),
  };
};
const NEW = ['new others/together', 'new notes/too', 'new notes/new'];
const UNSENT = [...NEW, 'changed notes/changed', 'deleted notes/deleted'].toSorted();

afterEach(() => vi.restoreAllMocks());

/** The databases whose name has that text can't be opened. */
const breakThose = (text: string): void => {
  const open = indexedDB.open.bind(indexedDB);
  vi.spyOn(indexedDB, 'open').mockImplementation((name, version) => {
    if (name.includes(text)) throw new DOMException('The disk failed.', 'UnknownError');
    return open(name, version);
  });
};

test('what was not sent is found without RxDB, and nothing else', async () => {
  const name = await leave();
  const { documents, ...rest } = await brief(name);
  expect(documents.toSorted()).toEqual(UNSENT);
  const groups = [['A sale', ['together', 'too']]];
  expect(rest).toEqual({ groups, refused: ['refused'], unread: [], count: 5 });
});

test('what can’t be read is named, and the rest is found', async () => {
  const name = await leave();
  breakThose('--others');
  const found = await brief(name);
  expect(found.unread).toEqual(['others']);
  expect(found.documents.toSorted()).toEqual(UNSENT.filter((one) => !one.includes('others')));
});

test('where it is not known what the server has, all is found, and said to be doubtful', async () => {
  const name = await leave();
  breakThose('rx-replication-meta');
  const found = await brief(name);
  expect(found.unread.toSorted()).toEqual([
    'which notes the server has',
    'which others the server has',
  ]);
  expect(found.documents).toContain('unknown notes/kept');
});

test('who logs out is told what is lost, and never that nothing is where not all could be read', async () => {
  const name = await leave();
  expect(await partingFrom(name)).toEqual({
    unsent: 5,
    isLoss: true,
    words:
      '5 changes were not sent yet and 1 change was not accepted. Logging out removes them for good.',
    deed: 'Log out and lose 6 changes',
  });
  breakThose('--others');
  const { words, deed } = (await partingFrom(name)) ?? {};
  expect(words).toContain('not accepted. What else is unsent could not be read.');
  expect(deed).toBe('Log out and lose at least 6 changes');
  breakThose(name);
  expect(await partingFrom(name)).toBeUndefined();
  expect(await partingFrom(newName())).toMatchObject({ isLoss: false, deed: 'Log out' });
});

/** As the server takes one away that may no longer be seen here. */
const withdraw = async (name: string, id: string): Promise<void> => {
  const names = (await indexedDB.databases()).map((database) => database.name ?? '');
  const opening = indexedDB.open(names.find((one) => one.endsWith(`${name}--0--notes`)) ?? '');
  await new Promise((resolve) => opening.addEventListener('success', resolve));
  const change = opening.result.transaction('docs', 'readwrite');
  const reading = change.objectStore('docs').get(id);
  reading.addEventListener('success', () => {
    const row = reading.result as Record<string, unknown>;
    change.objectStore('docs').put({ ...row, _deleted: '1' });
  });
  await new Promise((resolve) => change.addEventListener('complete', resolve));
  opening.result.close();
};

test('what is gone from here and was not deleted does not wait, whatever the server has', async () => {
  const name = await leave();
  await withdraw(name, 'new');
  await withdraw(name, 'kept');
  const { documents } = await brief(name);
  expect(documents.toSorted()).toEqual(UNSENT.filter((one) => one !== 'new notes/new'));
  breakThose('rx-replication-meta');
  expect((await brief(name)).documents).not.toContain('unknown notes/kept');
});

test('another workspace’s database, whose name begins alike, is not looked into; one that is not there is not made', async () => {
  const name = await leave();
  const before = (await indexedDB.databases()).length;
  expect(await brief(`${name}x`)).toMatchObject({ documents: [], unread: [], count: 0 });
  expect((await indexedDB.databases()).length).toBe(before);
  await removeDatabases(name);
  expect(await brief(name)).toMatchObject({ documents: [], unread: [] });
});
