// `npm run bench:outbox`: what the outbox adds to a local bulk insert, in a real Chromium with real
// IndexedDB. Runs with and without it take turns; prints a table and, as its last line, JSON.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { openBrowser } from '../../test/support/browser.ts';
import { bundleOf } from '../../test/support/page-bundle.ts';
import type { Run } from './page.ts';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '9' },
  },
});
const documents = Number(values.documents);
const rounds = Number(values.rounds);

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const script = await bundleOf(new URL('page.ts', import.meta.url));
const server = createServer((request, response) => {
  const isScript = request.url === '/page.js';
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? script : '<script type="module" src="/page.js"></script>');
});
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const { port } = server.address() as AddressInfo;
const browser = await openBrowser();
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction('typeof window.run === "function"');
  const run = (withOutbox: boolean): Promise<Run> =>
    page.evaluate(([given, count]) => window.run(given, count), [withOutbox, documents] as const);
  // The first of each warms up.
  await run(false);
  await run(true);
  const [without, withIt]: [Run[], Run[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    without.push(await run(false));
    withIt.push(await run(true));
  }
  const withoutMs = median(without.map(({ insertMs }) => insertMs));
  const withMs = median(withIt.map(({ insertMs }) => insertMs));
  const ratios = withIt.map(({ insertMs }, at) => insertMs / (without[at]?.insertMs ?? Number.NaN));
  const transactions = (runs: readonly Run[]): number =>
    median(runs.map((one) => one.transactions));
  const extra = transactions(withIt) - transactions(without);
  console.log(`bulk insert of ${documents} documents, ${rounds} rounds, medians`);
  console.log(`without the outbox   ${withoutMs.toFixed(0)} ms`);
  console.log(`with it              ${withMs.toFixed(0)} ms`);
  console.log(`ratio of each round  ${median(ratios).toFixed(3)}`);
  console.log(`more transactions    ${extra}`);
  console.log(JSON.stringify({ documents, withoutMs, withMs, ratio: median(ratios), extra }));
} finally {
  await browser.close();
  server.close();
}
