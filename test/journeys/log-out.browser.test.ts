// Logging out: what it says before, and that nothing stays on this device, whatever comes between.

import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  addPin,
  deletePin,
  indicatorSays,
  logIn,
  pinRow,
  type Profile,
} from '../support/browser.ts';
import { ADA, BEA, SOON, withDashboard } from '../support/dashboard.ts';
import { holdPins } from '../support/hold-pins.ts';
import { until } from '../support/until.ts';
import { untilKept } from '../support/worker.ts';

const dashboard = withDashboard();
const PUSH = '**/api/sync/push';

const askToLogOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Menu of/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
};
/** The button of the dialog, by all that it says. */
const deed = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true });
const logOut = async (page: Page, name = 'Log out'): Promise<void> => {
  await askToLogOut(page);
  await deed(page, name).click();
};
const door = (page: Page): Promise<void> => page.getByLabel('Email').waitFor();

const databases = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name = '' }) => name));
const owed = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('holdfast.remove')));

/** A page of the same origin that is not the dashboard. */
const stranger = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(`${dashboard.url}/icon.svg`);
  return page;
};
const KEPT = 'another tab keeps your data on this device';
const REMOVED = 'what this page kept is removed from this device';

describe('a log-out', () => {
  it('that was cut off is completed by the next start', async () => {
    const { page, context } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    await page.evaluate(() => {
      const account: unknown = JSON.parse(localStorage.getItem('holdfast.account') ?? '');
      localStorage.setItem('holdfast.left-behind', JSON.stringify([{ account, unsent: 1 }]));
      indexedDB.deleteDatabase = () => new EventTarget() as IDBOpenDBRequest;
    });
    await logOut(page);
    await until(() => page.evaluate(() => localStorage.getItem('holdfast.account') === null));
    await page.close();
    const tab = await stranger(context);
    expect(await databases(tab)).toContain('holdfast-kept');
    await Promise.all([tab.goto(dashboard.url), (await stranger(context)).goto(dashboard.url)]);
    await door(tab);
    expect([await databases(tab), await owed(tab)]).toEqual([[], []]);
    expect(await tab.getByText('waits on this device').count()).toBe(0);
  });

  it('that another tab keeps from its end lets nobody back to what was given up', async () => {
    const { page } = await dashboard.open(ADA);
    await addPin(page, 'sent');
    await indicatorSays(page, /^Synced/);
    const holder = await holdPins(page);
    await page.route(PUSH, (route) => route.abort());
    await addPin(page, 'given up');
    await logOut(page, 'Log out and lose 1 change');
    await page.getByText(KEPT).waitFor();
    await page.unroute(PUSH);
    await logIn(page, ADA);
    await expect.poll(() => page.getByText(KEPT).count(), SOON).toBe(2);
    // Nobody is logged in by a log-in that led nowhere.
    expect(await page.context().cookies()).toEqual([]);
    await holder.close();
    await logIn(page, ADA);
    await pinRow(page, 'sent').waitFor();
    await indicatorSays(page, /^Synced/);
    expect(await pinRow(page, 'given up').count()).toBe(0);
    expect(await dashboard.onServer('pins')).toHaveLength(1);
  });

  it('that another tab keeps from its end is told as done after it', async () => {
    const { page } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    const holder = await holdPins(page);
    await logOut(page);
    await page.getByText(KEPT).waitFor();
    await holder.close();
    await page.reload();
    await page.getByText(REMOVED).waitFor();
    expect(await databases(page)).toEqual([]);
  });

  it('is completed while somebody else is in, who loses nothing', async () => {
    const { page } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    const adas = (await databases(page)).filter((name) => name !== 'holdfast-kept');
    const holder = await holdPins(page);
    await logOut(page);
    await page.getByText(KEPT).waitFor();
    await logIn(page, BEA);
    await indicatorSays(page, /^Synced/);
    await page.route(PUSH, (route) => route.abort());
    await addPin(page, 'by Bea');
    await holder.close();
    await page.reload();
    await pinRow(page, 'by Bea').waitFor();
    const left = async () => (await databases(page)).filter((name) => adas.includes(name));
    await expect.poll(left, SOON).toEqual([]);
    await expect.poll(() => owed(page), SOON).toEqual([]);
    await page.unroute(PUSH);
    await page.reload();
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(1);
    expect(await databases(page)).toContain('holdfast-kept');
  });

  it('leaves nothing that a tab which was being opened makes again', async () => {
    const { page, context } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    const tab = await context.newPage();
    await tab.addInitScript(() => {
      const digest = crypto.subtle.digest.bind(crypto.subtle);
      let gate: Promise<void> | undefined;
      crypto.subtle.digest = async (...given) => {
        gate ??= new Promise<void>((resolve) => Object.assign(window, { goOn: resolve }));
        await gate;
        return digest(...given);
      };
    });
    await tab.goto(dashboard.url);
    await tab.waitForFunction(() => 'goOn' in window);
    await logOut(page);
    await door(page);
    await tab.evaluate(() => (window as unknown as { goOn: () => void }).goOn());
    await door(tab);
    expect(await databases(tab)).toEqual([]);
  });

  it('takes along what was typed and not saved', async () => {
    const { page } = await dashboard.open(ADA);
    const form = page.getByRole('dialog');
    const title = form.getByLabel('Title');
    const typed = async (): Promise<string> => {
      await page.getByRole('button', { name: 'Add the first pin' }).click();
      return title.inputValue();
    };
    const close = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await form.waitFor({ state: 'hidden' });
    };
    expect(await typed()).toBe('');
    await title.fill('not saved');
    await close();
    expect(await typed()).toBe('not saved');
    await close();
    await askToLogOut(page);
    await page.getByText('What you typed and did not save goes with it.').waitFor();
    await deed(page, 'Log out and lose it').click();
    await logIn(page, ADA);
    expect(await typed()).toBe('');
  });

  it('leaves no search and no open record to whoever comes next', async () => {
    const { page } = await dashboard.open(ADA);
    await addPin(page, 'North gate');
    await page.getByLabel('Search pins').fill('North');
    await until(() => new URL(page.url()).search === '?q=North', 'the search in the address');
    await page.getByRole('link', { name: 'Care log' }).click();
    const map = page.getByRole('link', { name: 'Field map' });
    expect(await map.getAttribute('href')).toBe('/map?q=North');
    await map.click();
    await pinRow(page, 'North gate').click();
    await page.getByRole('dialog').getByLabel('Title').waitFor();
    await indicatorSays(page, /^Synced/);
    await logOut(page);
    await page.getByText(REMOVED).waitFor();
    await logIn(page, BEA);
    await pinRow(page, 'North gate').waitFor();
    expect(page.url()).toBe(`${dashboard.url}/map`);
    await page.getByRole('link', { name: 'Care log' }).click();
    expect(await map.getAttribute('href')).toBe('/map');
  });

  it('carries out a delete that could still be undone', async () => {
    const { page } = await dashboard.open(ADA);
    await addPin(page, 'North gate');
    await indicatorSays(page, /^Synced/);
    await page.route(PUSH, (route) => route.abort());
    await deletePin(page, 'North gate');
    await askToLogOut(page);
    await deed(page, 'Log out and lose 1 change').waitFor();
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'hidden' });
    await page.unroute(PUSH);
    await expect.poll(() => dashboard.onServer('pins'), SOON).toMatchObject([{ _deleted: true }]);
  });

  it('is told to the worker, also by a page that was loaded past it', async () => {
    const { page, context } = await dashboard.open(ADA);
    await untilKept(page);
    const [worker] = context.serviceWorkers();
    const heard = worker?.evaluate(
      () =>
        new Promise<unknown>((resolve) => {
          addEventListener('message', (event) => {
            const { data } = event as MessageEvent<unknown>;
            if (typeof data === 'object') resolve(data);
          });
        }),
    );
    const device = await context.newCDPSession(page);
    await device.send('Page.reload', { ignoreCache: true });
    await indicatorSays(page, /^Synced/);
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
    await logOut(page);
    expect(await heard).toMatchObject({ letGo: expect.stringContaining('holdfast$') });
  });
});

describe('what is said before', () => {
  /** A tab of somebody's browser in which something is otherwise. */
  const tabWith = async ({ page, context }: Profile, otherwise: () => void): Promise<Page> => {
    await page.close();
    const tab = await context.newPage();
    await tab.addInitScript(otherwise);
    await tab.goto(`${dashboard.url}/map`);
    return tab;
  };

  it('counts what is on the device, also where no tab has counted it', async () => {
    const ada = await dashboard.open(ADA);
    await indicatorSays(ada.page, /^Synced/);
    await ada.context.route(PUSH, (route) => route.abort());
    await addPin(ada.page, 'unsent');
    const tab = await tabWith(ada, () => {
      navigator.locks.request = () => new Promise(() => {});
    });
    await askToLogOut(tab);
    await deed(tab, 'Log out and lose 1 change').waitFor();
    expect(await tab.getByRole('dialog').getByRole('status').textContent()).toBe(
      '1 change was not sent yet. Logging out removes it for good.',
    );
    const [saved] = await Promise.all([
      tab.waitForEvent('download'),
      tab.getByRole('button', { name: 'Save a copy' }).click(),
    ]);
    expect(await readFile(await saved.path(), 'utf8')).toContain('"title": "unsent"');
    await tab.getByText(`Saved as ${saved.suggestedFilename()}.`).waitFor();
  });

  it('follows what is sent meanwhile', async () => {
    const { page } = await dashboard.open(ADA);
    await indicatorSays(page, /^Synced/);
    await page.route(PUSH, (route) => route.abort());
    await addPin(page, 'unsent');
    await askToLogOut(page);
    await deed(page, 'Log out and lose 1 change').waitFor();
    await page.unroute(PUSH);
    await page.getByText('Everything is on the server.').waitFor();
    expect(await dashboard.onServer('pins')).toHaveLength(1);
  });

  it('waits until it knows, and does not promise what can’t be read', async () => {
    const ada = await dashboard.open(ADA);
    await indicatorSays(ada.page, /^Synced/);
    const tab = await tabWith(ada, () => {
      const open = indexedDB.open.bind(indexedDB);
      // Who gives no version only reads.
      indexedDB.open = (name, version) =>
        version === undefined ? (new EventTarget() as IDBOpenDBRequest) : open(name, version);
    });
    await indicatorSays(tab, /^Synced/);
    await askToLogOut(tab);
    await tab.getByText('Looking for unsent work…').waitFor();
    expect(await deed(tab, 'Log out').isDisabled()).toBe(true);
    await tab.getByText('What is unsent could not be read.').waitFor();
    await deed(tab, 'Log out and lose it').click();
    await door(tab);
    expect(await databases(tab)).toEqual([]);
  });
});
