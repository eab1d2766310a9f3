// The dashboard is opened without a server: from what the service worker keeps, and only from that.

import { readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  addFeeding,
  addPin,
  feedingRow,
  indicatorSays,
  mapOf,
  pinRow,
  type Profile,
} from '../support/browser.ts';
import { ADA, SOON, withDashboard } from '../support/dashboard.ts';
import { until } from '../support/until.ts';
import { cached, untilKept } from '../support/worker.ts';

const dashboard = withDashboard();

const landOf = (page: Page) =>
  until(
    async () =>
      /scale/.test((await mapOf(page).locator('canvas').first().getAttribute('style')) ?? ''),
    'land',
  );

/** Ada has worked here, and everything is sent; then all pages are closed. */
const atWorkBefore = async (): Promise<Profile> => {
  const ada = await dashboard.open(ADA);
  await addPin(ada.page, 'North gate');
  await ada.page.getByRole('link', { name: 'Care log' }).click();
  await addFeeding(ada.page, { notes: 'half asleep' });
  await indicatorSays(ada.page, /^Synced/);
  await untilKept(ada.page);
  return ada;
};
const addressOfPin = async (page: Page, title: string): Promise<string> => {
  await page.goto(`${dashboard.url}/map`);
  await pinRow(page, title).click();
  await page.getByLabel('Title').waitFor();
  return page.url();
};

describe('a cold start without a server', () => {
  it('opens every screen with its data, and what is written then is sent later', async () => {
    const ada = await atWorkBefore();
    const address = await addressOfPin(ada.page, 'North gate');
    await ada.page.close();
    await dashboard.crash();
    const page = await ada.context.newPage();
    await page.goto(address);
    await page.getByLabel('Title').waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('North gate');
    await landOf(page);
    await page.goto(`${dashboard.url}/care`);
    await feedingRow(page, 'half asleep').waitFor();
    await page.goto(`${dashboard.url}/inbox?tab=settled`);
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await page.goto(dashboard.url);
    await pinRow(page, 'North gate').waitFor();
    await addPin(page, 'Written in the dark');
    await indicatorSays(page, /1 saved on this device/);
    await dashboard.restart();
    await indicatorSays(page, /^Synced/);
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
  });

  it('opens while the browser is offline, and a reload does too', async () => {
    const ada = await atWorkBefore();
    await ada.context.setOffline(true);
    await ada.page.reload();
    await feedingRow(ada.page, 'half asleep').waitFor();
    await ada.page.close();
    const page = await ada.context.newPage();
    await page.goto(`${dashboard.url}/map`);
    await pinRow(page, 'North gate').waitFor();
    await indicatorSays(page, /^Offline/);
    expect(await pinRow(page, 'North gate').count()).toBe(1);
    await page.getByRole('button', { name: /^Offline/ }).click();
    await page.getByText(/^Last synced /).waitFor();
  });
});

describe('the service worker', () => {
  it('keeps the built files and nothing else', async () => {
    const ada = await atWorkBefore();
    await ada.page.goto(`${dashboard.url}/setup`);
    await ada.page.goto(`${dashboard.url}/map`);
    await pinRow(ada.page, 'North gate').waitFor();
    const built = readdirSync('dist/client', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice('dist/client'.length))
      .filter((path) => path !== '/worker.js' && !path.startsWith('/assets/sender-'));
    const kept = Object.values(await cached(ada.page));
    expect(kept.map((paths) => paths.toSorted())).toEqual([built.toSorted()]);
  });

  it('answers for files, never for data', async () => {
    const ada = await atWorkBefore();
    const answers = new Map<string, boolean>();
    ada.page.on('response', (response) =>
      answers.set(new URL(response.url()).pathname, response.fromServiceWorker()),
    );
    await ada.page.reload();
    await feedingRow(ada.page, 'half asleep').waitFor();
    await indicatorSays(ada.page, /^Synced/);
    const told = await ada.page.evaluate(() =>
      Promise.all(
        ['/healthz', '/readyz', '/metrics', '/api/session', '/rxdb/pins/0/pull?limit=1'].map(
          async (path) => {
            await fetch(path, { cache: 'no-store' });
            return path;
          },
        ),
      ),
    );
    expect(told).toHaveLength(5);
    const fromWorker = [...answers].filter(([, isFrom]) => isFrom).map(([path]) => path);
    expect(fromWorker).toContain('/care');
    expect(fromWorker.some((path) => path.startsWith('/assets/'))).toBe(true);
    expect([...answers.keys()].some((path) => path.startsWith('/api/sync/'))).toBe(true);
    const data = /^\/(?:api|rxdb|healthz|readyz|metrics)/;
    expect(fromWorker.filter((path) => data.test(path))).toEqual([]);
  });

  it('lets the page be installed', async () => {
    const ada = await atWorkBefore();
    const device = await ada.context.newCDPSession(ada.page);
    const manifest = await device.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    const { installabilityErrors } = await device.send('Page.getInstallabilityErrors');
    // A profile of a test is a private window, in which nothing can be installed.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
  });

  it('keeps nothing of somebody who has logged out, and opens the log-in without a server', async () => {
    const ada = await atWorkBefore();
    const databases = (): Promise<readonly (string | undefined)[]> =>
      ada.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    expect(await databases()).toContain('holdfast-kept');
    await dashboard.crash();
    await ada.page.getByRole('button', { name: 'Menu of Ada' }).click();
    await ada.page.getByRole('menuitem', { name: 'Log out' }).click();
    await ada.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Log out/ })
      .click();
    await ada.page.getByText('what this page kept is removed from this device').waitFor();
    expect(await databases()).toEqual([]);
    await ada.page.reload();
    await ada.page.getByLabel('Email').waitFor();
  });
});
