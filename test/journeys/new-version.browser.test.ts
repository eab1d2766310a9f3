// A new version of the dashboard is put on the server while people work.

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, openProfile, type Profile } from '../support/browser.ts';
import { copyClient, type BuiltClient } from '../support/built-client.ts';
import { ADA } from '../support/dashboard.ts';
import { startLiveServer, type LiveServer } from '../support/live-server.ts';
import { until } from '../support/until.ts';
import { cached, untilKept } from '../support/worker.ts';

let browser: Browser;
let client: BuiltClient;
let live: LiveServer;
let ada: Profile;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  client = await copyClient();
  live = await startLiveServer({ clientDirectory: client.directory });
  await live.keyFor('ada', { role: 'owner' });
  ada = await openProfile(browser, live.url.replace('127.0.0.1', 'localhost'), ADA);
  await untilKept(ada.page);
});
afterEach(async () => {
  await ada.context.close();
  await live.stop();
  client.remove();
});

const WORDS = 'A new version is ready.';
const offered = (page: Page): Promise<void> => page.getByText(WORDS).waitFor();
const take = (page: Page): Promise<void> => page.getByRole('button', { name: 'Reload' }).click();
const versionOf = (page: Page): Promise<string | null> =>
  page.locator('meta[name=version]').getAttribute('content');
/** What the page does when somebody comes back to it; a test can't wait ten minutes. */
const lookAgain = (page: Page): Promise<unknown> =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
/** The names of caches after the worker has been told to tidy; something else shows that it has. */
const keptAfterTidying = async (page: Page): Promise<readonly string[]> => {
  const decoy = 'holdfast-shell-of-last-year';
  await page.evaluate(async (name) => {
    await caches.open(name);
    navigator.serviceWorker.controller?.postMessage('tidy');
  }, decoy);
  await until(async () => !(decoy in (await cached(page))), 'tidying');
  return Object.keys(await cached(page));
};
const typeTitle = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Add the first pin' }).click();
  await page.getByRole('dialog').getByLabel('Title').fill('Half a na');
};

describe('a new version', () => {
  it('is offered when the page is opened, and is there after it was taken, in every tab', async () => {
    const tab = await ada.openTab();
    const old = await versionOf(ada.page);
    client.rebuild('CareScreen');
    await tab.reload();
    expect(await versionOf(tab)).toBe(old);
    for (const page of [tab, ada.page]) await offered(page);
    await take(tab);
    for (const page of [tab, ada.page])
      await until(async () => (await versionOf(page)) !== old, 'the new version');
    await ada.page.getByRole('heading', { name: 'Field map' }).waitFor();
    await ada.page.getByText(WORDS).waitFor({ state: 'hidden' });
  });

  it('keeps what is typed in the tab in which somebody takes it', async () => {
    await typeTitle(ada.page);
    client.rebuild('CareScreen');
    const old = await versionOf(ada.page);
    await lookAgain(ada.page);
    await offered(ada.page);
    expect(await ada.page.getByLabel('Title').inputValue()).toBe('Half a na');
    await take(ada.page);
    await until(async () => (await versionOf(ada.page)) !== old, 'the new version');
    await ada.page.getByRole('dialog').getByLabel('Title').waitFor();
    expect(await ada.page.getByRole('dialog').getByLabel('Title').inputValue()).toBe('Half a na');
  });

  it('leaves a tab alone in which something is typed; its files stay until it goes too', async () => {
    const tab = await ada.openTab();
    const old = await versionOf(tab);
    const screen = client.asset('CareScreen');
    await typeTitle(ada.page);
    client.rebuild('CareScreen');
    await lookAgain(tab);
    await offered(tab);
    await take(tab);
    await until(async () => (await versionOf(tab)) !== old, 'the new version');
    await offered(ada.page);
    expect(await versionOf(ada.page)).toBe(old);
    expect(await ada.page.getByLabel('Title').inputValue()).toBe('Half a na');
    // The server has it no more.
    expect((await fetch(live.url + screen)).status).toBe(404);
    const loaded = (page: Page): Promise<number> =>
      // Past what the browser keeps for itself.
      page.evaluate(async (path) => (await fetch(path, { cache: 'no-store' })).status, screen);
    expect(await loaded(ada.page)).toBe(200);
    expect(await keptAfterTidying(tab)).toHaveLength(2);
    expect(await loaded(ada.page)).toBe(200);
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Add pin' }).waitFor();
    await take(ada.page);
    await until(async () => (await versionOf(ada.page)) !== old, 'the new version');
    await until(async () => Object.keys(await cached(tab)).length === 1, 'one cache');
    expect(await loaded(tab)).toBe(404);
  });

  it.each([
    ['a part that does not belong to it', 'CareScreen', () => client.spoil('CareScreen')],
    ['a part missing', 'CareScreen', () => client.lose('CareScreen')],
    ['the script that sends missing', 'sender', () => client.lose('sender')],
  ])('that has %s is not offered', async (_fault, changed, damage) => {
    const before = await cached(ada.page);
    client.rebuild(changed);
    damage();
    await lookAgain(ada.page).catch(() => undefined);
    await until(
      () =>
        ada.page.evaluate(async () => {
          const registration = await navigator.serviceWorker.getRegistration();
          return registration?.installing === null && registration.waiting === null;
        }),
      'the end of the try',
    );
    expect(await ada.page.getByText(WORDS).count()).toBe(0);
    await ada.page.reload();
    await ada.page.getByRole('heading', { name: 'Field map' }).waitFor();
    expect(Object.keys(await cached(ada.page))).toContain(Object.keys(before)[0]);
  });
});
