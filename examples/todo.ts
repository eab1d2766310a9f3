// A program of its own on Holdfast's doors: one collection, a server and two clients that keep each
// other up to date. Run it with `npx tsx examples/todo.ts`.

import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { startSync } from '../replication/index.ts';
import { defineCollection, fieldLww, flag, text } from '../schemas/index.ts';
import { createServer, openMemoryStore } from '../server/index.ts';

const todos = defineCollection({
  name: 'todos',
  label: { one: 'to-do', many: 'to-dos' },
  version: 0,
  fields: { title: text(200, 1), done: flag() },
  policy: fieldLww(),
  sample: () => ({ title: 'Buy milk', done: false }),
});

const server = createServer({ collections: [todos], store: openMemoryStore() });
const { accounts } = server.core;
await accounts.createWorkspace('Home');
const email = 'ada@example.org';
await accounts.addMember({
  email,
  name: 'Ada',
  workspace: 'Home',
  role: 'owner',
  password: 'correct horse',
});
const token = await accounts.createKey({
  email,
  workspace: 'Home',
  name: 'example',
  readOnly: false,
});
const url = await server.listen({ port: 0 });

async function openClient(name: string) {
  const storage = getRxStorageMemory();
  const database = await createRxDatabase({ name, storage, multiInstance: false });
  const sync = await startSync({ database, collections: [todos], url, token });
  const list = database.collections['todos'];
  if (list === undefined) throw new Error('startSync opens the collections it is given.');
  return { list, close: () => sync.stop().then(() => database.close()) };
}

const phone = await openClient('phone');
const desk = await openClient('desk');

// A query that follows the local data: it hears of the phone's to-do as soon as it has arrived.
const arrived = new Promise<void>((resolve) => {
  desk.list.find().$.subscribe((found) => {
    if (found.length > 0) resolve();
  });
});
await phone.list.insert({ id: 'milk', title: 'Buy milk', done: false });
await arrived;

const atDesk = await desk.list.findOne('milk').exec(true);
console.log(`The desk sees: ${atDesk.get('title')}`);

await phone.close();
await desk.close();
await server.close();
