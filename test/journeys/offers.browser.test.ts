// What the dashboard offers to whom: the first address, sample data, and nothing that somebody may
// not do.

import { describe, expect, it } from 'vitest';
import { serious } from '../support/axe.ts';
import { addPin, indicatorSays, PHONE, pinRow } from '../support/browser.ts';
import { ADA, BEA, SOON, withDashboard } from '../support/dashboard.ts';
import { WORKSPACE } from '../support/live-server.ts';

const VERA = 'vera@example.org';
const SAMPLE = /^3,\d{3} pins$/;

describe('a server without an account', () => {
  const dashboard = withDashboard(true);

  it('points to the printed address, not to a log-in', async () => {
    const page = await dashboard.visit(dashboard.url);
    await page.getByRole('heading', { name: 'This server is new' }).waitFor();
    expect(await page.getByText(`${dashboard.url}/setup#`).count()).toBe(1);
    expect(await page.getByLabel('Password').count()).toBe(0);
    expect(await serious(page)).toEqual([]);
  });
});

describe('in an empty workspace', () => {
  const dashboard = withDashboard();

  it('its owner loads sample data from the empty list, and is not asked again', async () => {
    const { page } = await dashboard.open(ADA);
    await page.getByRole('button', { name: 'Load sample data' }).click();
    await page.getByText(SAMPLE).waitFor();
    await page.getByRole('link', { name: 'Care log' }).click();
    await page.locator('.feeding-row').first().waitFor();
    expect(await page.getByRole('button', { name: 'Load sample data' }).count()).toBe(0);
  });

  it('a pin that was added far down is brought into sight, and opened by Show', async () => {
    const { page } = await dashboard.open(ADA, { size: PHONE });
    await page.getByRole('button', { name: 'Load sample data' }).click();
    await page.getByText(SAMPLE).waitFor();
    await addPin(page, 'Zz last gate');
    await pinRow(page, 'Zz last gate').waitFor();
    expect(await page.locator('.pin-row').count()).toBeLessThan(60);
    await page.getByText('Added “Zz last gate”').waitFor();
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('dialog', { name: 'Zz last gate' }).waitFor();
  });

  it('what is no number stays in the field, with what is wrong', async () => {
    const { page } = await dashboard.open(ADA);
    await page.getByRole('button', { name: 'Add the first pin' }).click();
    const latitude = page.getByLabel('Latitude');
    await latitude.fill('abc');
    await page.getByLabel('Longitude').fill('7,25');
    await page.getByRole('dialog').getByLabel('Title').fill('Gate');
    await page.getByRole('dialog').getByRole('button', { name: 'Add pin' }).click();
    await page.getByText('“abc” is not a number').waitFor();
    expect(await latitude.inputValue()).toBe('abc');
    await latitude.fill('51.50');
    await page.getByRole('dialog').getByRole('button', { name: 'Add pin' }).click();
    await pinRow(page, 'Gate').click();
    expect(await page.getByLabel('Longitude').inputValue()).toBe('7.25');
  });

  it('who may only look is offered nothing to add or change, and told why', async () => {
    const who = ['--email', VERA, '--name', 'Vera', '--workspace', WORKSPACE];
    await dashboard.folder.command('user', 'add', ...who, '--role', 'viewer');
    const [ada, vera] = [await dashboard.open(ADA), await dashboard.open(VERA)];
    await addPin(ada.page, 'Gate');
    await pinRow(vera.page, 'Gate').click();
    const sheet = vera.page.getByRole('dialog', { name: 'Gate' });
    await sheet.getByText('ask an owner for another role').waitFor();
    expect(await sheet.getByRole('textbox').count()).toBe(0);
    expect(await vera.page.getByRole('button', { name: /^(Add|Save|Delete)/ }).count()).toBe(0);
    expect(await serious(vera.page)).toEqual([]);
    await vera.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await vera.page.locator('.pin-row:focus', { hasText: 'Gate' }).waitFor();
    await vera.page.keyboard.press('n');
    expect(new URL(vera.page.url()).pathname).toBe('/map');
  });
});

describe('a role that changes while pages are open', () => {
  const dashboard = withDashboard();
  const who = ['--email', BEA, '--workspace', WORKSPACE];
  const remove = (): Promise<string> => dashboard.folder.command('user', 'remove', ...who);
  const add = (role: string): Promise<string> =>
    dashboard.folder.command('user', 'add', ...who, '--name', 'Bea', '--role', role);

  it('is taken in every tab without a reload, and what was typed stays', async () => {
    const { page, context, openTab } = await dashboard.open(BEA);
    await addPin(page, 'North gate');
    await indicatorSays(page, /^Synced/);
    const second = await openTab();
    for (const tab of [page, second]) await tab.evaluate(() => Object.assign(window, { old: 1 }));
    await pinRow(page, 'North gate').click();
    const sheet = page.getByRole('dialog', { name: 'North gate' });
    await sheet.getByLabel('Title').fill('South gate');
    await context.setOffline(true);
    await remove();
    await add('viewer');
    await context.setOffline(false);
    await sheet.getByText('ask an owner for another role').waitFor();
    const typed = sheet.getByLabel('What you typed and did not save');
    expect(await typed.inputValue()).toContain('South gate');
    for (const tab of [page, second])
      await expect
        .poll(() => tab.getByRole('button', { name: /^(Add|Save|Delete)/ }).count(), SOON)
        .toBe(0);
    expect(await serious(page)).toEqual([]);

    await remove();
    await indicatorSays(page, /^No longer a member/);
    await add('member');
    await page.getByRole('button', { name: /^No longer a member/ }).click();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await second.getByRole('button', { name: 'Add pin' }).waitFor();
    await sheet.getByText('You typed this earlier.').waitFor();
    await sheet.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => dashboard.onServer('pins'), SOON)
      .toMatchObject([{ title: 'South gate' }]);
    for (const tab of [page, second])
      expect(await tab.evaluate(() => Reflect.get(window, 'old'))).toBe(1);
  });
});
