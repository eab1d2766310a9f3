// The Sync centre in real Chromium on a real server: what waits, what was refused, what was done, and
// whether this device equals the server.

import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { serious } from '../support/axe.ts';
import {
  acceptWrites,
  refuseWrites,
  addFeeding,
  addPin,
  deletePin,
  DESK,
  editPin,
  indicatorSays,
  PHONE,
  pinRow,
} from '../support/browser.ts';
import { ADA, BEA, SOON, withDashboard } from '../support/dashboard.ts';
import { press, type as typeInto } from '../support/keyboard.ts';

const dashboard = withDashboard();

const toCentre = async (page: Page, tab?: RegExp): Promise<void> => {
  await page.getByRole('link', { name: /^Sync centre/ }).click();
  if (tab) await page.getByRole('tab', { name: tab }).click();
};
const toMap = (page: Page): Promise<void> => page.getByRole('link', { name: 'Field map' }).click();
const row = (page: Page, text: string): Locator =>
  page.locator('main [data-index]', { hasText: text });
const sheet = (page: Page): Locator => page.getByRole('dialog');
const titles = async (): Promise<readonly unknown[]> =>
  (await dashboard.onServer('pins')).map((pin) => pin['title']);

/** Loads the Sync centre's files, and comes back. */
const seeOnce = async (page: Page): Promise<void> => {
  await toCentre(page);
  await page.getByText('Nothing waits').waitFor();
  await toMap(page);
};

describe.each([
  ['at a desk', DESK],
  ['on a phone', PHONE],
])('what was written without a network, %s', (_place, size) => {
  it('waits with its time and a link to its record, and stands under Sent afterwards', async () => {
    const { page, context } = await dashboard.open(ADA, { size });
    await seeOnce(page);
    await context.setOffline(true);
    await addPin(page, 'North gate');
    await toCentre(page);
    expect(await page.getByRole('button', { name: 'Sync now' }).isDisabled()).toBe(true);
    await row(page, 'New pin “North gate”').filter({ hasText: 'Waits to be sent' }).click();
    await sheet(page).getByText('just now').waitFor();
    expect(await serious(page)).toEqual([]);
    await sheet(page).getByRole('link', { name: 'Pin, North gate' }).click();
    await sheet(page).getByLabel('Title').waitFor();
    await sheet(page).getByRole('link', { name: 'Not sent yet' }).click();
    await page.getByRole('dialog', { name: 'New pin “North gate”' }).waitFor();
    await page.keyboard.press('Escape');
    await context.setOffline(false);
    await page.getByText('Nothing waits').waitFor();
    await page.getByRole('button', { name: /^Sent: / }).click();
    await row(page, 'New pin “North gate”').filter({ hasText: 'Accepted' }).waitFor();
    expect(await serious(page)).toEqual([]);
    expect(await titles()).toEqual(['North gate']);
  });
});

it('a refused change is listed with its reason, edited, tried again and accepted', async () => {
  const { page } = await dashboard.open(ADA);
  await addPin(page, 'North gate');
  await indicatorSays(page, /^Synced/);
  await refuseWrites(page, 'pins');
  await editPin(page, 'North gate', { title: 'South gate' });
  await indicatorSays(page, /^1 needs you/);
  await acceptWrites(page);
  // The record shows what the server has, and leads to what was refused.
  await pinRow(page, 'North gate').waitFor();
  await page.getByRole('button', { name: /^Not accepted: / }).click();
  const refused = sheet(page);
  await refused.getByText('unknown field').first().waitFor();
  await refused.getByText('South gate', { exact: true }).waitFor();
  expect(await serious(page)).toEqual([]);
  await refused.getByRole('button', { name: 'Edit and try again' }).click();
  await refused.getByLabel('Title').fill('');
  await refused.getByRole('button', { name: 'Save and try again' }).click();
  await refused.getByText('Enter something.').waitFor();
  await refused.getByLabel('Title').fill('West gate');
  expect(await serious(page)).toEqual([]);
  await refused.getByRole('button', { name: 'Save and try again' }).click();
  await expect.poll(titles, SOON).toEqual(['West gate']);
  await page.getByText('Nothing needs you').waitFor();
  await indicatorSays(page, /^Synced/);
});

it('all that was not accepted is tried again at once, what belongs to another after it', async () => {
  const { page, context } = await dashboard.open(ADA);
  await indicatorSays(page, /^Synced/);
  await refuseWrites(page, 'pins');
  await context.setOffline(true);
  await addPin(page, 'North gate');
  await addPin(page, 'South gate');
  await pinRow(page, 'South gate').click();
  await page.getByRole('button', { name: 'Add form' }).click();
  await page.getByRole('menuitem', { name: 'Inspection' }).click();
  await context.setOffline(false);
  await indicatorSays(page, /^3 need you/);
  await toCentre(page, /^Needs you/);
  await page.getByText('Not accepted: 3 changes').waitFor();
  await acceptWrites(page);
  await page.getByRole('button', { name: 'Try all again' }).click();
  await page.getByText('Nothing needs you').waitFor();
  await indicatorSays(page, /^Synced/);
  expect(new Set(await titles())).toEqual(new Set(['North gate', 'South gate']));
  expect(await dashboard.onServer('forms')).toMatchObject([{ template: 'Inspection' }]);
});

it('by keyboard alone: the indicator leads to what was refused, which is tried again', async () => {
  const { page } = await dashboard.open(ADA);
  await refuseWrites(page, 'pins');
  await addPin(page, 'North gate');
  await indicatorSays(page, /^1 needs you/);
  await acceptWrites(page);
  await press(page, page.getByRole('button', { name: /^1 needs you/ }));
  await page.getByRole('heading', { name: 'Sync centre' }).waitFor();
  await press(page, row(page, 'New pin “North gate”'));
  await sheet(page).locator(':focus').waitFor();
  await press(page, sheet(page).getByRole('button', { name: 'Edit and try again' }));
  await typeInto(page, sheet(page).getByLabel('Title'), 'West gate');
  await page.keyboard.press('Enter');
  await expect.poll(titles, SOON).toEqual(['West gate']);
});

it('a form whose pin was deleted meanwhile says so, and is not to be edited into nothing', async () => {
  const { page, context } = await dashboard.open(ADA);
  await seeOnce(page);
  await addPin(page, 'North gate');
  await indicatorSays(page, /^Synced/);
  const bea = await dashboard.open(BEA);
  await pinRow(bea.page, 'North gate').waitFor();
  await context.setOffline(true);
  await pinRow(page, 'North gate').click();
  await page.getByRole('button', { name: 'Add form' }).click();
  await page.getByRole('menuitem', { name: 'Inspection' }).click();
  await indicatorSays(page, /1 saved on this device/);
  await deletePin(bea.page, 'North gate');
  await expect.poll(() => dashboard.onServer('pins'), SOON).toMatchObject([{ _deleted: true }]);
  await context.setOffline(false);
  await indicatorSays(page, /^1 needs you/);
  await toCentre(page, /^Needs you/);
  await row(page, 'New form').click();
  await sheet(page).getByText('Not on this device any more').waitFor();
  expect(await sheet(page).getByRole('button', { name: 'Edit and try again' }).count()).toBe(0);
  expect(
    await sheet(page)
      .getByText(/[0-9a-f]{8}-[0-9a-f]{4}-/)
      .count(),
  ).toBe(0);
  expect(await serious(page)).toEqual([]);
});

it('what is discarded is asked for by name, saved as a file and gone from here, and never sent', async () => {
  const { page, context } = await dashboard.open(ADA);
  await seeOnce(page);
  await context.setOffline(true);
  await addPin(page, 'North gate');
  await addPin(page, 'South gate');
  await pinRow(page, 'North gate').click();
  await page.getByRole('button', { name: 'Add form' }).click();
  await page.getByRole('menuitem', { name: 'Inspection' }).click();
  await toCentre(page);
  await row(page, 'North gate').click();
  await sheet(page).getByRole('button', { name: 'Discard' }).click();
  const question = page.getByRole('dialog', { name: 'Discard these changes?' });
  await question.getByText('New pin “North gate”').waitFor();
  await question.getByText(/^With it goes what belongs to it: New form/).waitFor();
  expect(await serious(page)).toEqual([]);
  const saving = page.waitForEvent('download');
  await question.getByRole('button', { name: 'Save a copy and discard' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^holdfast-new-pin-north-gate-.*\.json$/);
  const copy: unknown = JSON.parse(await readFile(await saved.path(), 'utf8'));
  expect(copy).toMatchObject({
    records: [
      { collection: 'pins', fields: { title: 'North gate', kind: 'site' } },
      { collection: 'forms', fields: { template: 'Inspection' } },
    ],
  });
  await row(page, 'North gate').waitFor({ state: 'detached' });
  await page.getByText(`Discarded. Saved as ${saved.suggestedFilename()}`).waitFor();
  expect(await serious(page)).toEqual([]);
  await toMap(page);
  await pinRow(page, 'South gate').waitFor();
  expect(await pinRow(page, 'North gate').count()).toBe(0);
  await context.setOffline(false);
  await indicatorSays(page, /^Synced/);
  expect(await titles()).toEqual(['South gate']);
  expect(await dashboard.onServer('forms')).toEqual([]);
});

it('the activity outlives a reload, and is filtered, searched and exported', async () => {
  const { page } = await dashboard.open(ADA);
  await addPin(page, 'North gate');
  await indicatorSays(page, /^Synced/);
  await refuseWrites(page, 'pins');
  await addPin(page, 'South gate');
  await indicatorSays(page, /^1 needs you/);
  await toCentre(page, /^Activity/);
  const list = page.getByRole('list', { name: 'Activity' });
  await list.getByText(/^Sent 1 change/).waitFor();
  await page.reload();
  await list.getByText(/^Sent 1 change/).waitFor();
  expect(await serious(page)).toEqual([]);
  const all = await list.getByRole('listitem').count();
  await page.getByText('Errors', { exact: true }).click();
  await list.getByText(/South gate/).waitFor();
  expect(await list.getByText(/^Sent 1 change/).count()).toBe(0);
  expect(new URL(page.url()).search).toBe('?show=errors');
  await page.getByText('All', { exact: true }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('sent change');
  await list.getByText(/^Sent 1 change/).waitFor();
  await expect.poll(() => list.getByRole('listitem').count()).toBeLessThan(all);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Export/ }).click();
  const table = await readFile(await (await saving).path(), 'utf8');
  expect(table).toContain('Sent 1 change');
  expect(table).not.toContain('South gate');
});

it('this device says what it has measured, and that it equals the server', async () => {
  const { page, context } = await dashboard.open(ADA);
  await addPin(page, 'North gate');
  await indicatorSays(page, /^Synced/);
  await toCentre(page, /^This device/);
  await page.getByRole('img', { name: /^The last 1 request/ }).waitFor();
  await page.getByRole('button', { name: 'Show as a table' }).click();
  await page.getByRole('cell', { name: /m?s$/ }).first().waitFor();
  await page.getByRole('button', { name: 'Verify this device' }).click();
  await page.getByText('Everything here equals the server').waitFor();
  await page.getByText('Pins: equal').waitFor();
  expect(await serious(page)).toEqual([]);
  await context.setOffline(true);
  await page.getByText('This needs a network.').waitFor();
  expect(await page.getByRole('button', { name: 'Verify this device' }).isDisabled()).toBe(true);
});

it('two versions are decided from where they need somebody, and a link leads to each tab', async () => {
  const [ada, bea] = [
    await dashboard.open(ADA, { module: 'care' }),
    await dashboard.open(BEA, { module: 'care' }),
  ];
  await addFeeding(ada.page, { amountMl: 100 });
  const feeding = bea.page.locator('.feeding-row', { hasText: '100 ml' });
  await feeding.waitFor();
  for (const { context } of [ada, bea]) await context.setOffline(true);
  for (const [{ page }, amountMl] of [
    [ada, 90],
    [bea, 120],
  ] as const) {
    await page.locator('.feeding-row', { hasText: '100 ml' }).click();
    await sheet(page).getByLabel('Amount in ml').fill(String(amountMl));
    await sheet(page).getByRole('button', { name: 'Save' }).click();
    await sheet(page).waitFor({ state: 'hidden' });
  }
  await ada.context.setOffline(false);
  await indicatorSays(ada.page, /^Synced/);
  await bea.context.setOffline(false);
  await indicatorSays(bea.page, /^1 needs you/);
  await bea.page.getByRole('button', { name: /^1 needs you/ }).click();
  await row(bea.page, 'Decide').click();
  const dialog = bea.page.getByRole('dialog', { name: /^Two versions of this feeding/ });
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await bea.page.getByText('Nothing needs you').waitFor();
  expect(await serious(bea.page)).toEqual([]);
  for (const [address, tab] of [
    ['waiting', 'Waiting'],
    ['needs-you', 'Needs you'],
    ['activity', 'Activity'],
    ['device', 'This device'],
  ] as const) {
    await bea.page.goto(`${dashboard.url}/sync/${address}`);
    await bea.page.getByRole('tab', { name: tab, selected: true }).waitFor();
  }
});
