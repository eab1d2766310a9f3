// `npm run bench:dashboard`: the built server as a process and a real Chromium, with 3,376 and
// 100,000 pins; prints a table and, as its last line, the same as JSON. Smaller for a quick look:
// `npm run bench:dashboard -- --many 20000`.

import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../test/support/browser.ts';
import { connect, type Client } from '../http.ts';
import { startServer, type ServerUnderTest } from '../server-process.ts';
import {
  firstPage,
  hasPins,
  logIn,
  openPage,
  pan,
  scroll,
  search,
  zoom,
  zoomByKeys,
} from './page.ts';
import { pour } from './pins.ts';
import { loadOf, record, type Load } from './trace.ts';

interface Line extends Load {
  readonly name: string;
}

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '3376' },
    many: { type: 'string', default: '100000' },
  },
});
const lines: Line[] = [];
/** Also at once, because all of it takes minutes. */
const note = (line: Line): void => {
  lines.push(line);
  console.error(show(line));
};
const seconds: Record<string, number> = {};

const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  const startedMs = performance.now();
  await work();
  seconds[name] = (performance.now() - startedMs) / 1_000;
};

const show = ({ name, ...load }: Line): string => {
  const columns = [
    load.medianFrameMs,
    load.worstFrameMs,
    load.medianWorkMs,
    load.worstWorkMs,
    load.longestTaskMs,
  ];
  const figures = columns.map((value) => value.toFixed(1).padStart(8)).join('');
  return `${name.padEnd(34)}${figures}  ${load.longestTaskWas}`;
};

/** What one does on the map and in the list, at full speed and with a processor slowed four times. */
const workOnMap = async (
  browser: Browser,
  { url }: ServerUnderTest,
  count: number,
): Promise<void> => {
  const person = await openPage(browser);
  const { page, devtools } = person;
  const arriving = async (): Promise<void> => {
    await logIn(page, url);
    // Somebody at work meanwhile, until all are there.
    await search(page);
    await scroll(page);
    await hasPins(page, count);
  };
  await timed(`first sync of ${count} pins`, async () => {
    const load = loadOf(await record(devtools, arriving));
    note({ name: `${count} pins, first sync`, ...load });
  });
  for (const rate of [1, 4]) {
    await person.slow(rate);
    for (const [name, work] of Object.entries({ pan, zoom, zoomByKeys, search, scroll })) {
      const load = loadOf(await record(devtools, () => work(page)));
      note({ name: `${count} pins, ${name}, CPU 1/${rate}`, ...load });
    }
  }
  await person.slow(1);
  await timed(`all of ${count} pins after a reload`, async () => {
    await page.reload();
    await hasPins(page, count);
  });
  await person.close();
};

/** Others pour in pins while somebody looks on, types and scrolls. */
const watchArrival = async (
  browser: Browser,
  { url }: ServerUnderTest,
  client: Client,
  count: number,
): Promise<void> => {
  const person = await openPage(browser);
  const { page, devtools } = person;
  await logIn(page, url);
  const arriving = async (): Promise<void> => {
    const poured = pour(client, count);
    await page.getByText(/^\d.* pins$/).waitFor();
    await search(page);
    await scroll(page);
    await poured;
    await hasPins(page, count);
  };
  note({
    name: `${count} pins, arriving live`,
    ...loadOf(await record(devtools, arriving)),
  });
  await person.close();
};

const run = async (browser: Browser, count: number, live: boolean): Promise<void> => {
  const server = await startServer();
  const client = connect(server.url, server.key, 2);
  try {
    if (live) await watchArrival(browser, server, client, count);
    else await pour(client, count);
    seconds['first page, nothing cached, CPU 1/4'] = await firstPage(browser, server.url);
    await workOnMap(browser, server, count);
  } finally {
    client.close();
    await server.stop();
  }
};

const browser = await openBrowser();
try {
  await run(browser, Number(values.few), false);
  await run(browser, Number(values.many), true);
} finally {
  await browser.close();
}
console.log(`${'ms'.padEnd(34)}   frame   worst    work   worst    task`);
for (const line of lines) console.log(show(line));
for (const [name, value] of Object.entries(seconds))
  console.log(name.padEnd(42), `${value.toFixed(1)} s`);
console.log(JSON.stringify({ lines, seconds }));
