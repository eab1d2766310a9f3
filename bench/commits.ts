// `npm run bench:commits`: how many pushes share a commit when 32 clients push one document each to
// one workspace, again and again; on SQLite, and on the MongoDB that the tests would take. Of a MongoDB
// that is only made for tests, no speed is told: it means nothing.

import { parseArgs } from 'node:util';
import { findMongo } from '../test/support/mongo.mjs';
import { startMongo } from '../test/support/mongo.ts';
import { connect } from './http.ts';
import { push } from './measure.ts';
import { startServer } from './server-process.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
const CLIENTS = 32;

async function measure(name: string, args: readonly string[], isReal = true): Promise<void> {
  const server = await startServer(args);
  const client = connect(server.url, server.key, CLIENTS);
  const documents = CLIENTS * Number(values.rounds);
  try {
    const load = { documents, batch: 1, lanes: CLIENTS };
    const { requestsPerCommit = 0, perSecond } = await push(name, client, load);
    console.log(
      `${name}: ${documents} pushes from ${CLIENTS} clients, ${requestsPerCommit} pushes per commit` +
        (isReal ? `, ${perSecond} pushes per second` : ''),
    );
  } finally {
    client.close();
    await server.stop();
  }
}

await measure('SQLite', []);
if (findMongo() === undefined) console.log('MongoDB: not measured, because none was found');
else {
  const mongo = await startMongo();
  try {
    const name = mongo.isReal ? 'MongoDB' : 'a MongoDB for tests (SecantusDB)';
    await measure(name, ['--mongo', mongo.urlOf('bench')], mongo.isReal);
  } finally {
    await mongo.stop();
  }
}
