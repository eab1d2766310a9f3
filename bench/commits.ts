// `npm run bench:commits`: how many pushes share a commit when 32 clients push one document each to
// one workspace, again and again; on SQLite, and on the MongoDB that the tests would take. A ratio and
// no speed: of a MongoDB for tests, no speed means anything.

import { parseArgs } from 'node:util';
import { findMongo } from '../test/support/mongo.mjs';
import { startMongo } from '../test/support/mongo.ts';
import { connect } from './http.ts';
import { push } from './measure.ts';
import { startServer } from './server-process.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
const CLIENTS = 32;

async function measure(name: string, args: readonly string[]): Promise<void> {
  const server = await startServer(args);
  const client = connect(server.url, server.key, CLIENTS);
  const documents = CLIENTS * Number(values.rounds);
  try {
    const { requestsPerCommit = 0 } = await push(name, client, {
      documents,
      batch: 1,
      lanes: CLIENTS,
    });
    console.log(
      `${name}: ${documents} pushes from ${CLIENTS} clients, ${requestsPerCommit} pushes per commit`,
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
    await measure(name, ['--mongo', mongo.urlOf('bench')]);
  } finally {
    await mongo.stop();
  }
}
