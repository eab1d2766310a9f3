// The last tab was closed with unsent work: the service worker sends it when the browser reminds it.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { UNSENT } from '../../client/update/names.ts';
import { addPin, indicatorSays, pinRow, type Profile } from '../support/browser.ts';
import { ADA, SOON, withDashboard } from '../support/dashboard.ts';
import { remindWorker, untilKept } from '../support/worker.ts';

const dashboard = withDashboard();

interface Reminding {
  readonly sync: { getTags(): Promise<readonly string[]> };
}
const reminders = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.ready) as unknown as Reminding;
    return registration.sync.getTags();
  });

/** Two pins that the server has not got, because it is away. */
const withUnsentWork = async (): Promise<Profile> => {
  const ada = await dashboard.open(ADA);
  await ada.context.grantPermissions(['background-sync'], { origin: dashboard.url });
  await untilKept(ada.page);
  await indicatorSays(ada.page, /^Synced/);
  await dashboard.crash();
  await addPin(ada.page, 'one');
  await addPin(ada.page, 'two');
  await indicatorSays(ada.page, /2 saved on this device/);
  return ada;
};

describe('unsent work', () => {
  it('is sent by the worker after the last tab was closed, once, and a new tab then leads', async () => {
    const ada = await withUnsentWork();
    await ada.page.close();
    await dashboard.restart();
    await remindWorker(ada.context, dashboard.url, UNSENT);
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
    const tab = await ada.openTab();
    await pinRow(tab, 'two').waitFor();
    await tab.getByRole('button', { name: /^Synced/ }).click();
    await tab.getByText('This tab syncs for all tabs of this browser.').waitFor();
    expect(await dashboard.onServer('pins')).toHaveLength(2);
  });

  it('is what the browser is asked to remind of, while the server is away', async () => {
    const ada = await withUnsentWork();
    await ada.context.setOffline(true);
    await expect.poll(() => reminders(ada.page), SOON).toEqual([UNSENT]);
  });

  it('is sent by a tab that leads, whatever the worker is told', async () => {
    const ada = await withUnsentWork();
    await remindWorker(ada.context, dashboard.url, UNSENT);
    await dashboard.restart();
    await indicatorSays(ada.page, /^Synced/);
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
    await ada.page.getByRole('button', { name: /^Synced/ }).click();
    await ada.page.getByText('This tab syncs for all tabs of this browser.').waitFor();
  });
});
