// `npm run bench:first-start`: what a newcomer does, with a clock beside it: clones this repository's
// last commit, runs the README's two commands, opens the printed address in a real Chromium and goes
// on until the map has the sample's pins; at a desk and, with a new data folder, on a phone. Prints
// the seconds of each step; pictures of each go where `--pictures DIR` says.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs, promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { DESK, newContext, openBrowser, PHONE } from '../test/support/browser.ts';

const run = promisify(execFile);
const { values } = parseArgs({ options: { pictures: { type: 'string' } } });
const folder = await mkdtemp(join(tmpdir(), 'holdfast-first-start-'));
const clone = join(folder, 'holdfast');
const seconds: Record<string, number> = {};

const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const startedMs = performance.now();
  const result = await work();
  seconds[name] = (performance.now() - startedMs) / 1_000;
  console.error(name.padEnd(48), seconds[name]?.toFixed(1));
  return result;
};

const picture = async (page: Page, name: string): Promise<void> => {
  if (values.pictures !== undefined)
    await page.screenshot({ path: join(values.pictures, `${name}.png`) });
};

/** `npm start`, until it prints the address of the first start. */
const start = async (data: string): Promise<{ server: ChildProcess; address: string }> => {
  const server = spawn('npm', ['start', '--', '--port', '0', '--data', data], {
    cwd: clone,
    detached: true,
    env: { ...process.env, HOLDFAST_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(server.stdout)) {
    const address = /^first start: (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { server, address };
  }
  throw new Error('The server ended before it printed an address.');
};

const stop = async (server: ChildProcess): Promise<void> => {
  const ended = once(server, 'exit');
  // npm does not hand signals on: its whole group is told.
  if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM');
  await ended;
};

const begin = async (browser: Browser, place: string, size: typeof DESK): Promise<void> => {
  const { server, address } = await timed(`npm start, ${place}`, () =>
    start(join(folder, `data ${place}`)),
  );
  const context = await newContext(browser, { size });
  const page = await context.newPage();
  try {
    await timed(`the first page, ${place}`, async () => {
      await page.goto(address);
      await page.getByRole('heading', { name: 'Your account' }).waitFor();
    });
    await picture(page, `${place} 1 empty`);
    await page.getByLabel('Your name').fill('Mara');
    await page.getByLabel('Email').fill('mara@example.org');
    await page.getByLabel('Password').first().fill('correct horse');
    await page.getByLabel('Workspace name').fill('Harbour');
    await page.getByRole('checkbox', { name: 'Load sample data' }).check();
    await picture(page, `${place} 2 filled in`);
    await timed(`from the button to all pins, ${place}`, async () => {
      await page.getByRole('button', { name: 'Create workspace' }).click();
      await page.getByText(/^[\d,]+ of [\d,]+ records$/).waitFor();
      await picture(page, `${place} 3 counting`);
      await page.getByText(/^3,5\d\d pins$/).waitFor({ timeout: 120_000 });
    });
    await picture(page, `${place} 4 list`);
    await page.goto(new URL('/care', page.url()).href);
    await page.getByRole('heading', { name: 'Care log' }).waitFor();
    await page.locator('.feeding-row').first().waitFor();
    await picture(page, `${place} 5 care log`);
  } finally {
    await context.close();
    await stop(server);
  }
};

if (values.pictures !== undefined) await mkdir(values.pictures, { recursive: true });
const browser = await openBrowser();
try {
  await timed('git clone', () => run('git', ['clone', '--quiet', process.cwd(), clone]));
  await timed('npm ci', () => run('npm', ['ci'], { cwd: clone, maxBuffer: 2 ** 26 }));
  await begin(browser, 'at a desk', DESK);
  await begin(browser, 'on a phone', PHONE);
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(JSON.stringify(seconds));
