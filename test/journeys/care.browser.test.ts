// Two people with the care log, one at a desk and one with a phone, in real Chromium on a real
// server process.

import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { addFeeding, DESK, feedingRow, PHONE, type Profile } from '../support/browser.ts';
import { ADA, BEA, SOON, withDashboard } from '../support/dashboard.ts';
import { WORKSPACE } from '../support/live-server.ts';

const dashboard = withDashboard();
const onServer = () => dashboard.onServer('feedings');
const open = (email: string, size = DESK): Promise<Profile> =>
  dashboard.open(email, { size, module: 'care' });

describe('two people with the care log', () => {
  it('see at once what the other one adds in two taps, with the last amount', async () => {
    const [ada, bea] = [await open(ADA), await open(BEA, PHONE)];
    await addFeeding(ada.page, { amountMl: 90 });
    await feedingRow(bea.page, '90 ml').waitFor();
    await bea.page.getByRole('button', { name: 'Add feeding' }).click();
    await bea.page.getByRole('dialog').getByRole('button', { name: 'Add feeding' }).click();
    for (const { page } of [ada, bea])
      await page.getByText('180 ml', { exact: true }).last().waitFor();
    await expect.poll(onServer, SOON).toHaveLength(2);
  });
});

describe('somebody with the care log', () => {
  it('deletes a feeding and takes that back', async () => {
    const { page } = await open(ADA);
    await addFeeding(page, { amountMl: 90 });
    await feedingRow(page, '90 ml').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await feedingRow(page, '90 ml').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await feedingRow(page, '90 ml').waitFor();
    await expect.poll(onServer, SOON).toHaveLength(1);
  });

  it('deletes a feeding, and it stays deleted where the page goes before', async () => {
    const { page } = await open(ADA);
    await addFeeding(page, { amountMl: 70 });
    await addFeeding(page, { amountMl: 90 });
    await expect.poll(onServer, SOON).toHaveLength(2);
    await feedingRow(page, '90 ml').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.reload();
    await feedingRow(page, '70 ml').waitFor();
    await expect(feedingRow(page, '90 ml').count()).resolves.toBe(0);
    await expect
      .poll(onServer, SOON)
      .toContainEqual(expect.objectContaining({ amountMl: 90, _deleted: true }));
    await expect(feedingRow(page, '90 ml').count()).resolves.toBe(0);
  });

  it('who presses twice adds one feeding', async () => {
    const { page } = await open(ADA);
    await page.getByRole('button', { name: 'Add the first feeding' }).click();
    const add = page.getByRole('dialog').getByRole('button', { name: 'Add feeding' });
    await add.dblclick();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await addFeeding(page, { amountMl: 90 });
    await expect.poll(onServer, SOON).toHaveLength(2);
  });

  it('who goes to another time zone finds each feeding on the day it is there', async () => {
    const { page, context } = await open(ADA);
    const device = await context.newCDPSession(page);
    await device.send('Emulation.setTimezoneOverride', { timezoneId: 'Europe/Berlin' });
    await page.reload();
    await addFeeding(page, { time: '2026-03-29T03:15' });
    await page.getByRole('heading', { name: /Mar/ }).filter({ hasText: '29' }).waitFor();
    await expect.poll(onServer, SOON).toMatchObject([{ feedingTime: '2026-03-29T01:15:00.000Z' }]);
    await device.send('Emulation.setTimezoneOverride', { timezoneId: 'America/New_York' });
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.getByRole('heading', { name: /Mar/ }).filter({ hasText: '28' }).waitFor();
    await feedingRow(page, '9:15').waitFor();
  });

  it('finds, exports and scrolls through 3,000 feedings; Back brings the filter again', async () => {
    const { page } = await open(ADA);
    const file = `${dashboard.folder.path}/feedings.csv`;
    const lines = Array.from({ length: 3_000 }, (_, at) =>
      [
        new Date(Date.UTC(2026, 0, 1) + at * 3_600_000).toISOString(),
        'formula',
        at % 300,
        '',
      ].join(),
    );
    await writeFile(file, ['feedingTime,foodType,amountMl,notes', ...lines].join('\n'));
    const to = ['--email', ADA, '--workspace', WORKSPACE];
    await dashboard.folder.command('import', 'feedings', file, ...to);
    await page.getByText('3,000 feedings', { exact: true }).waitFor();
    expect(await page.locator('.feeding-row').count()).toBeLessThan(60);
    await page.keyboard.press('/');
    await page.keyboard.type('formula 299');
    await page.getByText('10 of 3,000 feedings').waitFor();
    await page.getByRole('button', { name: 'Export as a table' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /10 feedings/ }).click(),
    ]);
    const csv = await readFile(await download.path(), 'utf8');
    expect(csv.split('\r\n')).toHaveLength(12);
    await page.getByRole('link', { name: 'Field map' }).click();
    await page.getByRole('heading', { name: 'Field map' }).waitFor();
    expect(await page.title()).toContain('Field map');
    await page.goBack();
    await page.getByText('10 of 3,000 feedings').waitFor();
    expect(await page.getByLabel('Search feedings').inputValue()).toBe('formula 299');
  });
});
