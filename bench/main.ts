// `npm run bench`: measures the built server over HTTP with 100,000 documents already stored, prints
// a table and, as its last line, the same as JSON. Sizes can be made smaller for a quick look:
// `npm run bench -- --stored 10000 --documents 4000`.

import { parseArgs } from 'node:util';
import { documentBytes } from './documents.ts';
import { firstSync } from './first-sync.ts';
import { connect } from './http.ts';
import { fanOut, idleStreams, pull, push } from './measure.ts';
import { startServer } from './server-process.ts';

const { values } = parseArgs({
  options: {
    stored: { type: 'string', default: '100000' },
    documents: { type: 'string', default: '20000' },
    pushes: { type: 'string', default: '200' },
  },
});
const stored = Number(values.stored);
const documents = Number(values.documents);
const BATCH = 200;
const CONNECTIONS = 32;

const server = await startServer();
const client = connect(server.url, server.key, CONNECTIONS);
try {
  await push('preparation', client, { documents: stored, batch: 1_000, lanes: 2 });
  const seconds = await firstSync(server.url, server.key, stored);
  const batches = await push(`pushed in batches of ${BATCH}`, client, {
    documents,
    batch: BATCH,
    lanes: 8,
  });
  const single = await push(`pushed one by one, ${CONNECTIONS} connections`, client, {
    documents,
    batch: 1,
    lanes: CONNECTIONS,
  });
  const all = stored + 2 * documents;
  const pulled = await pull(client, all);
  const readers = [
    await fanOut(client, 100, Number(values.pushes)),
    await fanOut(client, 300, Number(values.pushes)),
  ];
  const idle = await idleStreams(client, 300, 10);

  console.log(`${stored} documents of ${documentBytes()} bytes stored before, synchronous=FULL`);
  for (const { name, perSecond, cpuSecondsPer1000, requestsPerCommit } of [batches, single, pulled])
    console.log(
      `${name.padEnd(36)} ${String(perSecond).padStart(8)} documents/s ${cpuSecondsPer1000} CPU s per 1,000${requestsPerCommit === undefined ? '' : `, ${requestsPerCommit} requests per commit`}`,
    );
  for (const { readers: count, p50Ms, p95Ms } of readers)
    console.log(`fan-out to ${count} readers`.padEnd(36), `p50 ${p50Ms} ms, p95 ${p95Ms} ms`);
  console.log(`${idle.readers} idle streams`.padEnd(36), `${idle.cpuPercent} % of one core`);
  console.log(`first sync of ${stored} documents`.padEnd(36), `${seconds} s`);
  console.log(
    JSON.stringify({
      stored,
      rates: [batches, single, pulled],
      fanOut: readers,
      idle,
      firstSyncSeconds: seconds,
    }),
  );
} finally {
  client.close();
  await server.stop();
}
