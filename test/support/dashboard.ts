// The dashboard for journeys: one Chromium, and for each test a new server process with a workspace,
// its owner Ada and its member Bea. What a test opens is closed after it.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { newContext, openBrowser, openProfile, type Profile, type Seat } from './browser.ts';
import { call, WORKSPACE } from './live-server.ts';
import { makeDataFolder, type DataFolder, type ServerProcess } from './server-process.ts';

export const ADA = 'ada@example.org';
export const BEA = 'bea@example.org';

/** For what the server will hold in the end: the indicator moves a moment later than the work. */
export const SOON = { timeout: 120_000 };

export interface Dashboard {
  readonly browser: Browser;
  readonly folder: DataFolder;
  readonly url: string;
  /** Where the first start begins. */
  readonly firstStart: () => Promise<string>;
  /** A new profile of somebody who has not logged in, at an address. */
  readonly visit: (address: string, seat?: Seat) => Promise<Page>;
  readonly open: (email: string, seat?: Seat) => Promise<Profile>;
  /** Ends the server process as a crash would. */
  readonly crash: () => Promise<void>;
  /** Starts it again where it was. */
  readonly restart: () => Promise<void>;
  /** What the server answers to another program. */
  readonly ask: (path: string) => Promise<unknown>;
  /** What the server has of a collection. */
  readonly onServer: (collection: string) => Promise<readonly WireDocument[]>;
}

/** @param isNew nobody has set the server up yet. */
export function withDashboard(isNew = false): Dashboard {
  let browser: Browser;
  /** What every test begins with, made once. */
  let pattern: DataFolder;
  let folder: DataFolder;
  let server: ServerProcess;
  let key = '';
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    pattern = makeDataFolder();
    if (isNew) return;
    key = await pattern.prepare();
    const who = ['--email', BEA, '--name', 'Bea', '--workspace', WORKSPACE, '--role', 'member'];
    await pattern.command('user', 'add', ...who);
  });
  afterAll(async () => {
    await browser.close();
    await pattern.remove();
  });
  beforeEach(async () => {
    folder = makeDataFolder(pattern);
    server = await folder.serve();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    await server.kill('SIGTERM');
    await folder.remove();
  });
  return {
    get browser() {
      return browser;
    },
    get folder() {
      return folder;
    },
    get url() {
      return server.url;
    },
    firstStart: () => server.firstStart(),
    visit: async (address, seat) => {
      const context = await newContext(browser, seat);
      contexts.push(context);
      const page = await context.newPage();
      await page.goto(address);
      return page;
    },
    open: async (email, seat) => {
      const profile = await openProfile(browser, server.url, email, seat);
      contexts.push(profile.context);
      return profile;
    },
    crash: () => server.kill('SIGKILL'),
    restart: async () => {
      server = await folder.serve(Number(new URL(server.url).port));
    },
    ask: async (path) => (await call(server.url, key, path)).json(),
    onServer: async (collection) => {
      const wanted = { collections: { [collection]: null }, limit: 5_000 };
      const answer = await call(server.url, key, '/api/sync/pull', wanted);
      const { collections } = answer.json() as {
        collections: Record<string, { documents: readonly WireDocument[] }>;
      };
      return collections[collection]?.documents ?? [];
    },
  };
}
