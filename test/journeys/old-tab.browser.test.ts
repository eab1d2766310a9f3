// Tabs of different versions of the program in one browser: an older one stops writing and asks to be
// reloaded, and a newer one waits for nobody.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addPin, indicatorSays, pinRow } from '../support/browser.ts';
import { ADA, SOON, withDashboard } from '../support/dashboard.ts';

const dashboard = withDashboard();

/** The workspace's own database, in which tabs note what they share. */
const ledgerOf = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    return names.find((name) => name.startsWith('holdfast$')) ?? '';
  });

/** What a newer version does when its tab is opened, as far as an older one can see. */
const upgrade = async (tab: Page): Promise<void> =>
  tab.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(name, 9_000);
        request.addEventListener('success', () => {
          request.result.close();
          resolve();
        });
        request.addEventListener('error', () => reject(request.error ?? new Error(name)));
      }),
    await ledgerOf(tab),
  );
const speakAsNewer = async (tab: Page): Promise<void> =>
  tab.evaluate(
    (name) => {
      const channel = new BroadcastChannel(`holdfast:${name}`);
      channel.postMessage({ kind: 'ask', version: 1_000 });
      channel.close();
    },
    await ledgerOf(tab),
  );

const RELOAD = 'This tab has an older version. Reload.';

/** Another page of the same server, where nothing of the dashboard runs. */
const elsewhere = async (page: Page): Promise<Page> => {
  const tab = await page.context().newPage();
  await tab.goto(`${dashboard.url}/icon.svg`);
  return tab;
};

describe('an older tab', () => {
  it.each([
    ['whose database a newer one upgrades', upgrade],
    ['that hears a newer one', speakAsNewer],
  ])(
    '%s keeps what is typed, saves and sends nothing, and asks for a reload',
    async (_how, meet) => {
      const { page } = await dashboard.open(ADA);
      await addPin(page, 'before');
      await indicatorSays(page, /^Synced/);
      await meet(await elsewhere(page));
      await page.getByRole('alert').filter({ hasText: RELOAD }).waitFor();
      const sent: string[] = [];
      page.on('request', (request) => sent.push(request.url()));
      await page.getByRole('button', { name: 'Add pin' }).click();
      const sheet = page.getByRole('dialog');
      await sheet.getByLabel('Title').fill('too late');
      await sheet.getByLabel('Latitude').fill('1');
      await sheet.getByLabel('Longitude').fill('1');
      await sheet.getByRole('button', { name: 'Add pin' }).click();
      await sheet.getByText('Not saved: this tab is out of date').waitFor();
      expect(await sheet.getByLabel('Title').inputValue()).toBe('too late');
      expect(sent.filter((url) => url.includes('/api/'))).toEqual([]);
      expect(await dashboard.onServer('pins')).toHaveLength(1);
    },
  );

  it('that is reloaded from an old copy still does not open what is newer', async () => {
    const { page } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    await upgrade(await elsewhere(page));
    await page.getByRole('button', { name: 'Reload', exact: true }).click();
    await page.getByRole('heading', { name: RELOAD }).waitFor();
    const save = page.getByRole('button', { name: 'Save unsent work to a file' });
    expect(await save.isVisible()).toBe(true);
  });
});

describe('a newer tab', () => {
  it('takes over from a leader that says no version, and sends', async () => {
    const { page, openTab } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    const name = await ledgerOf(page);
    await page.goto(`${dashboard.url}/icon.svg`);
    // As the first version does it: it holds the lock and answers every question.
    await page.evaluate((database) => {
      const channel = new BroadcastChannel(`holdfast:${database}`);
      const status = { state: 'synced', pendingKeys: [], pending: 0, refused: 0, conflicts: 0 };
      const said = { kind: 'status', offsetMs: 0, device: '0123456789', status };
      channel.addEventListener('message', () => channel.postMessage(said));
      void navigator.locks
        .request(`holdfast:${database}`, () => new Promise(() => undefined))
        .catch(() => channel.close());
    }, name);
    const tab = await openTab();
    await addPin(tab, 'by the newer one');
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(1);
    await pinRow(tab, 'by the newer one').waitFor();
  });

  it('waits for an older one that holds the data, says so, and goes on by itself', async () => {
    const { page } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    const name = await ledgerOf(page);
    await page.goto(`${dashboard.url}/icon.svg`);
    await page.evaluate(async (database) => {
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(database).addEventListener('success', resolve);
      });
      await new Promise((resolve) => {
        // It does not answer to being asked to let go.
        indexedDB.open(database, 1).addEventListener('success', resolve);
      });
    }, name);
    const tab = await page.context().newPage();
    await tab.goto(`${dashboard.url}/map`);
    await tab.getByText('Another tab has an older version open').waitFor();
    await page.close();
    await tab.getByRole('heading', { name: 'Field map' }).waitFor();
    await addPin(tab, 'afterwards');
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(1);
  });
});
