// Somebody else logs in on a device that holds another person's unsent work: it waits there, is sent
// as nobody else's, and goes when its own person is back. And somebody who is let into the workspace
// no more.

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { serious } from '../support/axe.ts';
import { addPin, indicatorSays, logIn, pinRow } from '../support/browser.ts';
import { PASSWORD, WORKSPACE } from '../support/live-server.ts';
import { ADA, BEA, SOON, withDashboard } from '../support/dashboard.ts';

const dashboard = withDashboard();

const otherIn = async (page: Page, email: string): Promise<void> => {
  await page.getByRole('button', { name: /^Log in to sync/ }).click();
  await page.getByRole('button', { name: 'Log in as somebody else' }).click();
  await page.getByText(`The work of ${ADA} stays on this device`).waitFor();
  await logIn(page, email);
};
const logOut = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: `Menu of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByLabel('Email').waitFor();
};
const authors = async (): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    (await dashboard.onServer('pins')).map(({ title, createdBy }) => [String(title), createdBy]),
  );
const WAITS = '1 change of Ada waits on this device. It is sent when Ada logs in.';

/** Her session has ended on the server, and she has written something since. */
const leaveUnsent = async (page: Page): Promise<void> => {
  await addPin(page, 'sent by Ada');
  await indicatorSays(page, /^Synced/);
  await page.context().clearCookies();
  await addPin(page, 'unsent by Ada');
  await indicatorSays(page, /^Log in to sync\. 1 saved/);
};

describe('another person on the same device', () => {
  it('works at once, while what the first has not sent waits for her and goes as hers', async () => {
    const { page, openTab } = await dashboard.open(ADA);
    const second = await openTab();
    await leaveUnsent(page);
    await otherIn(page, BEA);
    for (const tab of [page, second]) {
      await tab.getByText(WAITS).waitFor();
      await pinRow(tab, 'sent by Ada').waitFor();
      expect(await pinRow(tab, 'unsent by Ada').count()).toBe(0);
    }
    await addPin(page, 'by Bea');
    await indicatorSays(page, /^Synced/);
    await page.reload();
    await page.getByText(WAITS).waitFor();
    const { 'sent by Ada': ada, ...others } = await authors();
    expect(Object.keys(others)).toEqual(['by Bea']);
    expect(others['by Bea']).not.toBe(ada);

    await logOut(page, 'Bea');
    await page.getByText(WAITS).waitFor();
    await logIn(page, ADA);
    await pinRow(page, 'unsent by Ada').waitFor();
    await expect.poll(authors, SOON).toMatchObject({ 'unsent by Ada': ada, 'sent by Ada': ada });
    await indicatorSays(page, /^Synced/);
    expect(await page.getByText(WAITS).count()).toBe(0);
  });

  it('whose cookie comes while the first one’s page is open sends none of her work', async () => {
    const { page, context } = await dashboard.open(ADA);
    await addPin(page, 'sent by Ada');
    await indicatorSays(page, /^Synced/);
    const bea = await dashboard.open(BEA);
    await context.setOffline(true);
    await addPin(page, 'unsent by Ada');
    await context.addCookies(await bea.context.cookies());
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/api/sync/push'));
    await context.setOffline(false);
    expect((await asked).status()).toBe(401);
    await indicatorSays(page, /^Log in to sync\. 1 saved/);
    const { 'sent by Ada': ada, ...others } = await authors();
    expect(others).toEqual({});

    await page.getByRole('button', { name: /^Log in to sync/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password').first().fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
    await expect.poll(authors, SOON).toEqual({ 'sent by Ada': ada, 'unsent by Ada': ada });
  });
});

it('who is removed from the workspace is told so, keeps a copy, and is sent when back in it', async () => {
  const { page } = await dashboard.open(BEA);
  await addPin(page, 'sent by Bea');
  await indicatorSays(page, /^Synced/);
  const who = ['--email', BEA, '--workspace', WORKSPACE];
  await dashboard.folder.command('user', 'remove', ...who);
  await addPin(page, 'unsent by Bea');
  await indicatorSays(page, /^No longer a member\. 1 saved/);
  await page.getByRole('button', { name: /^No longer a member/ }).click();
  await page.getByRole('dialog').getByText('What you wrote is kept here.').waitFor();
  await page.getByRole('button', { name: 'Open the Sync centre' }).click();
  await page.getByText('1 waiting', { exact: true }).waitFor();
  expect(await page.getByText(/in the Sync centre/).count()).toBe(0);
  await page.getByRole('tab', { name: /^Needs you/ }).click();
  await page.getByText('Nothing arrives while you are not a member').waitFor();
  expect(await page.getByText('Nothing needs you').count()).toBe(0);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save a copy' }).click(),
  ]);
  expect(await readFile(await saved.path(), 'utf8')).toContain('"title": "unsent by Bea"');
  expect(await serious(page)).toEqual([]);

  await page.reload();
  await indicatorSays(page, /^No longer a member\. 1 saved/);
  await dashboard.folder.command('user', 'add', ...who, '--name', 'Bea', '--role', 'member');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await indicatorSays(page, /^Synced/);
  expect(Object.keys(await authors()).toSorted()).toEqual(['sent by Bea', 'unsent by Bea']);
});
