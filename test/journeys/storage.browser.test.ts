// This device's storage: no space left, the browser's promise to keep it, and data that can't be opened.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addFeeding, addPin, editPin, indicatorSays, logIn, pinRow } from '../support/browser.ts';
import { ADA, BEA, SOON, withDashboard } from '../support/dashboard.ts';
import { holdPins } from '../support/hold-pins.ts';
import { sendNothingLater } from '../support/worker.ts';

const dashboard = withDashboard();

/** Enough to begin with, little enough to fill. */
const QUOTA_BYTES = 6_000_000;

/** A profile whose browser allows little space. */
const openSmall = async (email: string): Promise<Page> => {
  const page = await dashboard.visit(`${dashboard.url}/icon.svg`);
  const device = await page.context().newCDPSession(page);
  const { origin } = new URL(dashboard.url);
  await device.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA_BYTES });
  await page.goto(`${dashboard.url}/map`);
  await logIn(page, email);
  await indicatorSays(page, /^Synced/);
  return page;
};

/** Stores until the browser refuses a single byte more: the real error of the real browser. */
const fill = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('filler', 1);
      request.addEventListener('upgradeneeded', () =>
        request.result.createObjectStore('bytes', { autoIncrement: true }),
      );
      request.addEventListener('success', () => resolve(request.result));
    });
    const fits = (sizeBytes: number): Promise<boolean> =>
      new Promise((resolve) => {
        const writing = database.transaction('bytes', 'readwrite');
        writing.addEventListener('complete', () => resolve(true));
        writing.addEventListener('abort', () => resolve(false));
        writing.objectStore('bytes').add(crypto.getRandomValues(new Uint8Array(sizeBytes)));
      });
    for (let sizeBytes = 65_536; sizeBytes >= 1;) if (!(await fits(sizeBytes))) sizeBytes /= 4;
    database.close();
  });
const empty = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('filler').addEventListener('success', () => resolve());
      }),
  );
const FULL = 'This device is full';
const banner = (page: Page) => page.getByRole('alert').filter({ hasText: FULL });

describe('a device without space', () => {
  it('says so where something is saved, keeps what is typed and what is there, and goes on with space', async () => {
    const page = await openSmall(ADA);
    await addPin(page, 'before');
    await indicatorSays(page, /^Synced/);
    await fill(page);
    await page.getByRole('button', { name: 'Add pin' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Title').fill('does not fit');
    await sheet.getByLabel('Latitude').fill('1');
    await sheet.getByLabel('Longitude').fill('1');
    await sheet.getByRole('button', { name: 'Add pin' }).click();
    await sheet.getByText('Not saved: this device is full').waitFor();
    await sheet.getByText('What you saved before is safe.').waitFor();
    expect(await sheet.getByLabel('Title').inputValue()).toBe('does not fit');
    await empty(page);
    await sheet.getByRole('button', { name: 'Add pin' }).click();
    await sheet.waitFor({ state: 'hidden' });
    await pinRow(page, 'before').waitFor();
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
    await banner(page).waitFor({ state: 'hidden' });
  });

  it('receives nothing until there is space, in no hot loop, and loses nothing of it', async () => {
    const [ada, bea] = [await openSmall(ADA), await dashboard.open(BEA)];
    await fill(ada);
    await addPin(bea.page, 'from Bea');
    await banner(ada).waitFor();
    await indicatorSays(ada, /^Waiting, next try/);
    let pulls = 0;
    ada.on('request', (request) => (pulls += request.url().endsWith('/pull') ? 1 : 0));
    await addPin(bea.page, 'more from Bea');
    await indicatorSays(bea.page, /^Synced/);
    expect(pulls).toBe(0);
    expect(await pinRow(ada, 'from Bea').count()).toBe(0);
    await empty(ada);
    await banner(ada).getByRole('button', { name: 'Try again' }).click();
    await pinRow(ada, 'more from Bea').waitFor();
    await pinRow(ada, 'from Bea').first().waitFor();
    await banner(ada).waitFor({ state: 'hidden' });
    await indicatorSays(ada, /^Synced/);
  });
});

describe('the browser’s promise to keep the data', () => {
  it('is asked for after the first own write, once, and can be asked for again', async () => {
    const page = await openSmall(ADA);
    const context = page.context();
    await context.addInitScript(() => {
      const persist = navigator.storage.persist.bind(navigator.storage);
      navigator.storage.persist = () => {
        console.debug('asked to keep');
        return sessionStorage.getItem('promise') === null ? persist() : Promise.resolve(true);
      };
    });
    let asked = 0;
    page.on('console', (message) => (asked += message.text() === 'asked to keep' ? 1 : 0));
    await page.reload();
    await indicatorSays(page, /^Synced/);
    expect(asked).toBe(0);
    await addPin(page, 'first');
    await expect.poll(() => asked).toBe(1);
    await page.reload();
    await addPin(page, 'second');
    await indicatorSays(page, /^Synced/);
    expect(asked).toBe(1);

    await fill(page);
    await page.getByRole('button', { name: 'Add pin' }).click();
    const sheet = page.getByRole('dialog');
    for (const label of ['Title', 'Latitude', 'Longitude']) await sheet.getByLabel(label).fill('1');
    await sheet.getByRole('button', { name: 'Add pin' }).click();
    await sheet.getByText('Not saved: this device is full').waitFor();
    await sheet.getByRole('button', { name: 'Cancel' }).click();
    await banner(page).getByRole('button', { name: 'Space on this device' }).click();
    await page.getByText('The browser may remove what is on this device').waitFor();
    await page.getByRole('button', { name: 'Ask the browser to keep it' }).click();
    // Private windows, as this one, get no promise.
    await page.getByText('The browser did not promise it.').waitFor();
    await page.evaluate(() => sessionStorage.setItem('promise', '1'));
    await page.getByRole('button', { name: 'Ask the browser to keep it' }).click();
    await page.getByText('This browser promises to keep your data').waitFor();
    expect(asked).toBe(3);
  });
});

interface RescueFile {
  readonly notRead: readonly string[];
  readonly changes: readonly {
    readonly label: string;
    readonly collection: string;
    readonly document: { readonly title?: string; readonly amountMl?: number };
  }[];
}

/** RxDB no longer takes the pins' database for its own, and the feedings' can't be read at all. */
const breakDatabases = async (page: Page): Promise<void> => {
  const tab = await page.context().newPage();
  await tab.goto(`${dashboard.url}/icon.svg`);
  await page.close();
  await tab.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    const internal = names.find((name) => name.endsWith('_rxdb_internal')) ?? '';
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(internal);
      request.addEventListener('success', () => resolve(request.result));
    });
    await new Promise((resolve) => {
      const change = database.transaction('docs', 'readwrite');
      change.addEventListener('complete', resolve);
      const store = change.objectStore('docs');
      const reading = store.openCursor();
      reading.addEventListener('success', () => {
        const cursor = reading.result;
        if (!cursor) return;
        const row = cursor.value as { id: string; data: { schemaHash?: string; schema?: object } };
        if (row.id.includes('pins')) {
          row.data.schemaHash = 'of another program';
          row.data.schema = { title: 'another' };
          cursor.update(row);
        }
        cursor.continue();
      });
    });
    database.close();
  });
  await tab.close();
};
const hideFeedings = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name, version) => {
      if (name.endsWith('--feedings')) throw new DOMException('The disk failed.', 'UnknownError');
      return open(name, version);
    };
  });

describe('data that can’t be opened', () => {
  it('of one collection, which the disk no longer gives, lead there too', async () => {
    const { page, context } = await dashboard.open(ADA);
    await addPin(page, 'sent');
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(1);
    await indicatorSays(page, /^Synced/);
    await page.close();
    const tab = await context.newPage();
    await hideFeedings(tab);
    await tab.goto(`${dashboard.url}/map`);
    await tab.getByText('Could not be read: feedings.').waitFor();
    await tab.getByText('Nothing on this device').waitFor({ state: 'hidden' });
    expect(await tab.getByRole('button', { name: 'Save unsent work' }).isDisabled()).toBe(true);

    const healthy = await context.newPage();
    await healthy.goto(`${dashboard.url}/map`);
    await indicatorSays(healthy, /^Synced/);
    await tab.getByRole('button', { name: 'Start again with an empty copy' }).click();
    await tab.getByRole('checkbox', { name: /^I give up/ }).check();
    await tab.getByRole('dialog').getByRole('button', { name: 'Start again' }).click();
    await tab.getByText('Another tab holds some of it.').waitFor();
    await addPin(healthy, 'goes on');
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
  });

  it('lead to a page that saves what was not sent, and then begins again', async () => {
    const { page, context } = await dashboard.open(ADA);
    await sendNothingLater(page);
    await addPin(page, 'sent and left alone');
    await addPin(page, 'sent and changed');
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
    await indicatorSays(page, /^Synced/);
    await context.route('**/api/sync/**', (route) => route.abort());
    await addPin(page, 'new');
    await editPin(page, 'sent and changed', { notes: 'changed since' });
    await page.getByRole('link', { name: 'Care log' }).click();
    await addFeeding(page, { amountMl: 70 });
    await indicatorSays(page, /3 saved on this device/);
    await breakDatabases(page);

    const tab = await context.newPage();
    await hideFeedings(tab);
    await tab.goto(`${dashboard.url}/map`);
    await tab.getByRole('heading', { name: 'This browser could not open your data' }).waitFor();
    await tab.getByText('At least 2 changes that the server does not have').waitFor();
    await tab.getByText('Could not be read: feedings.').waitFor();

    await tab.getByRole('button', { name: 'Start again with an empty copy' }).click();
    const start = tab.getByRole('dialog').getByRole('button', { name: 'Start again' });
    await tab.getByText('2 unsent changes, and what could not be read').first().waitFor();
    expect(await start.isDisabled()).toBe(true);
    await tab.getByRole('button', { name: 'Keep it' }).click();

    const downloading = tab.waitForEvent('download');
    await tab.getByRole('button', { name: 'Save unsent work to a file' }).click();
    const file = JSON.parse(readFileSync(await (await downloading).path(), 'utf8')) as RescueFile;
    const shown = file.changes.map(({ label, document }) => `${label}: ${document.title}`);
    expect(shown.toSorted()).toEqual(['Changed pin: sent and changed', 'New pin: new']);
    expect(file.notRead).toEqual(['feedings']);

    await context.unroute('**/api/sync/**');
    const holder = await holdPins(tab);
    await tab.getByRole('button', { name: 'Start again with an empty copy' }).click();
    await start.click();
    await tab.getByText('The removal has begun. Another tab holds the rest').waitFor();
    expect(await tab.getByRole('button', { name: 'Keep it' }).count()).toBe(0);
    await holder.close();
    // It loads itself again when all of it has been removed.
    await Promise.all([tab.waitForEvent('load'), start.click()]);
    // The part of the disk that failed is still the page's own.
    await tab.close();
    const again = await context.newPage();
    await again.goto(`${dashboard.url}/map`);
    await pinRow(again, 'sent and left alone').waitFor();
    await indicatorSays(again, /^Synced/);
    expect(await pinRow(again, 'new').count()).toBe(0);
    expect(await dashboard.onServer('pins')).toHaveLength(2);
  });
});
