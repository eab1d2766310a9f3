// Two people with the care log, one at a desk and one with a phone, in real Chromium on a real
// server process.

import { readFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WireDocument } from '../../replication/index.ts';
import { serious } from '../support/axe.ts';
import { indicatorSays, openBrowser, openProfile, type Profile } from '../support/browser.ts';
import { call, WORKSPACE } from '../support/live-server.ts';
import { makeDataFolder, type DataFolder, type ServerProcess } from '../support/server-process.ts';

const ADA = 'ada@example.org';
const BEA = 'bea@example.org';
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
let browser: Browser;
let folder: DataFolder;
let server: ServerProcess;
let key = '';
const profiles: Profile[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  folder = makeDataFolder();
  server = await folder.serve();
  key = await folder.prepare();
  const who = ['--email', BEA, '--name', 'Bea', '--workspace', WORKSPACE, '--role', 'member'];
  await folder.command('user', 'add', ...who);
});
afterEach(async () => {
  for (const { context } of profiles.splice(0)) await context.close();
  await server.kill('SIGTERM');
  await folder.remove();
});

const open = async (email: string, size = DESK): Promise<Profile> => {
  const profile = await openProfile(browser, server.url, email, size, 'care');
  profiles.push(profile);
  return profile;
};
const onServer = async (): Promise<readonly WireDocument[]> => {
  const answer = await call(server.url, key, '/api/sync/pull', {
    collections: { feedings: null },
    limit: 5_000,
  });
  return (answer.json() as { collections: { feedings: { documents: WireDocument[] } } }).collections
    .feedings.documents;
};
const feeding = (page: Page, text: string | RegExp): Locator =>
  page.locator('.feeding-row', { hasText: text });

interface Edit {
  readonly amountMl?: number;
  readonly time?: string;
  readonly notes?: string;
}
const fill = async (sheet: Locator, { amountMl, time, notes }: Edit): Promise<void> => {
  if (amountMl !== undefined) await sheet.getByLabel('Amount in ml').fill(String(amountMl));
  if (time !== undefined) await sheet.getByLabel('When').fill(time);
  if (notes !== undefined) await sheet.getByLabel('Notes').fill(notes);
};
const addFeeding = async (page: Page, edit: Edit): Promise<void> => {
  await page.getByRole('button', { name: /^Add (the first )?feeding$/ }).click();
  const sheet = page.getByRole('dialog');
  await fill(sheet, edit);
  await sheet.getByRole('button', { name: 'Add feeding' }).click();
  await sheet.waitFor({ state: 'hidden' });
};
const editFeeding = async (page: Page, text: string, edit: Edit): Promise<void> => {
  await feeding(page, text).click();
  const sheet = page.getByRole('dialog');
  await fill(sheet, edit);
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'hidden' });
};

describe('two people with the care log', () => {
  it('see at once what the other one adds in two taps, with the last amount', async () => {
    const [ada, bea] = [await open(ADA), await open(BEA, PHONE)];
    await addFeeding(ada.page, { amountMl: 90 });
    await feeding(bea.page, '90 ml').waitFor();
    await bea.page.getByRole('button', { name: 'Add feeding' }).click();
    await bea.page.getByRole('dialog').getByRole('button', { name: 'Add feeding' }).click();
    for (const { page } of [ada, bea])
      await page.getByText('180 ml', { exact: true }).last().waitFor();
    expect(await onServer()).toHaveLength(2);
  });

  it('go on offline and have the same log afterwards, also when loaded again', async () => {
    const [ada, bea] = [await open(ADA), await open(BEA, PHONE)];
    await addFeeding(ada.page, { amountMl: 90 });
    await feeding(bea.page, '90 ml').waitFor();
    await ada.context.setOffline(true);
    await bea.context.setOffline(true);
    await addFeeding(ada.page, { amountMl: 110, notes: 'by Ada' });
    await feeding(ada.page, 'by Ada').getByRole('img', { name: 'Not sent yet' }).waitFor();
    await editFeeding(bea.page, '90 ml', { notes: 'seen by Bea' });
    await indicatorSays(ada.page, /^Offline\. 1 saved on this device/);
    await ada.context.setOffline(false);
    await bea.context.setOffline(false);
    for (const { page } of [ada, bea]) {
      await feeding(page, 'by Ada').waitFor();
      await feeding(page, 'seen by Bea').waitFor();
      await indicatorSays(page, /^Synced/);
      await page.reload();
      await feeding(page, 'by Ada').waitFor();
      await feeding(page, 'seen by Bea').waitFor();
    }
    expect(await onServer()).toHaveLength(2);
  });
});

describe('somebody with the care log', () => {
  it('deletes a feeding and takes that back', async () => {
    const { page } = await open(ADA);
    await addFeeding(page, { amountMl: 90 });
    await feeding(page, '90 ml').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await feeding(page, '90 ml').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await feeding(page, '90 ml').waitFor();
    expect(await onServer()).toHaveLength(1);
  });

  it('who goes to another time zone finds each feeding on the day it is there', async () => {
    const { page, context } = await open(ADA);
    const device = await context.newCDPSession(page);
    await device.send('Emulation.setTimezoneOverride', { timezoneId: 'Europe/Berlin' });
    await page.reload();
    await addFeeding(page, { time: '2026-03-29T03:15' });
    await page.getByRole('heading', { name: /Mar/ }).filter({ hasText: '29' }).waitFor();
    expect(await onServer()).toMatchObject([{ feedingTime: '2026-03-29T01:15:00.000Z' }]);
    await device.send('Emulation.setTimezoneOverride', { timezoneId: 'America/New_York' });
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.getByRole('heading', { name: /Mar/ }).filter({ hasText: '28' }).waitFor();
    await feeding(page, '9:15').waitFor();
  });

  it('finds, exports and scrolls through 3,000 feedings; Back brings the filter again', async () => {
    const { page } = await open(ADA);
    const file = `${folder.path}/feedings.csv`;
    const { writeFile } = await import('node:fs/promises');
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
    await folder.command('import', 'feedings', file, ...to);
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

  it('who has no mouse adds, finds and changes a feeding', async () => {
    const { page } = await open(ADA);
    await addFeeding(page, { amountMl: 90 });
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByRole('button', { name: 'Add feeding' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await page.keyboard.type('90');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Amount in ml').fill('95');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByText('1 of 2 feedings').waitFor();
    await indicatorSays(page, /^Synced/);
    expect((await onServer()).map((doc) => String(doc['amountMl'])).toSorted()).toEqual([
      '90',
      '95',
    ]);
  });
});

describe.each([
  ['wide, light', DESK, 'light'],
  ['narrow, dark', PHONE, 'dark'],
] as const)('%s', (_name, size, colorScheme) => {
  it('axe finds nothing serious on the empty log, the log, the chart and the form', async () => {
    const { page } = await open(ADA, size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.getByText('No feedings yet').waitFor();
    expect(await serious(page)).toEqual([]);
    await addFeeding(page, { amountMl: 90 });
    await feeding(page, '90 ml').waitFor();
    expect(await serious(page)).toEqual([]);
    await page.goto(`${server.url}/care?view=chart`);
    await page.getByRole('button', { name: 'Show as a table' }).click();
    expect(await serious(page)).toEqual([]);
    await page.goto(`${server.url}/care/new`);
    await page.getByRole('dialog').getByLabel('Notes').waitFor();
    expect(await serious(page)).toEqual([]);
  });
});
