// Several tabs of one person: one of them syncs for all, and whatever ends it, another takes over.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addPin, indicatorSays, pinRow } from '../support/browser.ts';
import { ADA, SOON, withDashboard } from '../support/dashboard.ts';

const dashboard = withDashboard();

/** Waits until a tab says what it does for the others. */
const saysOfItself = async (tab: Page, words: string): Promise<void> => {
  await tab.getByRole('button', { name: /^Synced/ }).click();
  await tab.getByText(words).waitFor();
  await tab.keyboard.press('Escape');
  await tab.getByRole('button', { name: 'Sync now' }).waitFor({ state: 'hidden' });
};
const LEADS = 'This tab syncs for all tabs of this browser.';
const FOLLOWS = 'Another tab of this browser syncs for this one.';

const whatItSays = async (tab: Page): Promise<string> => {
  await tab.getByRole('button', { name: /^Synced/ }).click();
  const words = await tab.getByText(LEADS).or(tab.getByText(FOLLOWS)).textContent();
  return words?.includes(LEADS) === true ? LEADS : FOLLOWS;
};

/** It stops at the next thing that it does, with its lock held, as a tab that the browser freezes. */
const freeze = async (tab: Page): Promise<void> => {
  const device = await tab.context().newCDPSession(tab);
  const paused = new Promise((resolve) => device.once('Debugger.paused', resolve));
  await device.send('Debugger.enable');
  await device.send('Debugger.pause');
  await paused;
};
const crash = async (tab: Page): Promise<void> => {
  const crashed = tab.waitForEvent('crash');
  const device = await tab.context().newCDPSession(tab);
  // It never answers.
  device.send('Page.crash').catch(() => undefined);
  await crashed;
};

describe('the tab that syncs', () => {
  it.each([
    ['closed', (tab: Page) => tab.close()],
    ['crashed', crash],
    ['frozen', freeze],
  ])('is %s: another one takes over and sends what is then written', async (_how, end) => {
    const ada = await dashboard.open(ADA);
    await saysOfItself(ada.page, LEADS);
    const tabs = [await ada.openTab(), await ada.openTab()];
    for (const tab of tabs) await saysOfItself(tab, FOLLOWS);
    await end(ada.page);
    for (const [index, tab] of tabs.entries()) await addPin(tab, `by tab ${index}`);
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
    for (const tab of tabs) await indicatorSays(tab, /^Synced/);
    const saying = await Promise.all(tabs.map(whatItSays));
    expect(saying.toSorted()).toEqual([FOLLOWS, LEADS]);
  });
});

describe('tabs of one person', () => {
  it('show the same indicator, and each what the other writes', async () => {
    const ada = await dashboard.open(ADA);
    const tab = await ada.openTab();
    await ada.context.setOffline(true);
    await addPin(tab, 'by the second');
    await pinRow(ada.page, 'by the second').waitFor();
    for (const one of [ada.page, tab]) await indicatorSays(one, /^Offline\. 1 saved/);
    await ada.context.setOffline(false);
    for (const one of [ada.page, tab]) await indicatorSays(one, /^Synced/);
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(1);
  });
});
