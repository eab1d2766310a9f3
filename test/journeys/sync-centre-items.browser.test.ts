// One item of the Sync centre in real Chromium: what it is before it is let go, where it belongs, and
// what becomes of its sheet.

import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { serious } from '../support/axe.ts';
import {
  acceptWrites,
  addFeeding,
  addPin,
  deletePin,
  editFeeding,
  editPin,
  feedingRow,
  indicatorSays,
  pinRow,
  refuseWrites,
} from '../support/browser.ts';
import { ADA, BEA, withDashboard } from '../support/dashboard.ts';

const dashboard = withDashboard();

const toCentre = async (page: Page, tab?: RegExp): Promise<void> => {
  await page.getByRole('link', { name: /^Sync centre/ }).click();
  if (tab) await page.getByRole('tab', { name: tab }).click();
};
/** Its files are there when the server is not. */
const seeOnce = async (page: Page): Promise<void> => {
  await toCentre(page);
  await page.getByText('Nothing waits').waitFor();
  await page.goBack();
};
const row = (page: Page, text: string | RegExp): Locator =>
  page.locator('main [data-index]', { hasText: text });
const sheet = (page: Page): Locator => page.getByRole('dialog');
const wrote = (page: Page, title: string | RegExp): Locator =>
  sheet(page).getByRole('region', { name: title });
/** What the sheet's question says, once it was asked to discard. */
const askToDiscard = async (page: Page): Promise<Locator> => {
  await sheet(page).getByRole('button', { name: 'Discard' }).click();
  return page.getByRole('dialog', { name: /^Discard th/ });
};
const discard = async (page: Page): Promise<void> => {
  const question = await askToDiscard(page);
  await question.getByRole('button', { name: 'Save a copy and discard' }).click();
};

it('a decision that waits is called after its record, leads to it, and is withdrawn', async () => {
  const [ada, bea] = [
    await dashboard.open(ADA, { module: 'care' }),
    await dashboard.open(BEA, { module: 'care' }),
  ];
  await seeOnce(bea.page);
  await addFeeding(ada.page, { amountMl: 100 });
  await feedingRow(bea.page, '100 ml').waitFor();
  for (const { context } of [ada, bea]) await context.setOffline(true);
  await editFeeding(ada.page, '100 ml', { amountMl: 90 });
  await editFeeding(bea.page, '100 ml', { amountMl: 120 });
  await ada.context.setOffline(false);
  await indicatorSays(ada.page, /^Synced/);
  await bea.context.setOffline(false);
  await indicatorSays(bea.page, /^1 needs you/);
  await toCentre(bea.page, /^Needs you/);
  await row(bea.page, 'Decide').waitFor();
  await bea.context.setOffline(true);
  await row(bea.page, 'Decide').click();
  const dialog = bea.page.getByRole('dialog', { name: /^Two versions of this feeding/ });
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await bea.page.getByText('Nothing needs you').waitFor();
  await bea.page.getByRole('tab', { name: /^Waiting/ }).click();
  await row(bea.page, /^Decision on feeding, Today/).click();
  await wrote(bea.page, 'You kept your version').getByText('120 ml').waitFor();
  expect(await serious(bea.page)).toEqual([]);
  await sheet(bea.page)
    .getByRole('link', { name: /^Decision on feeding, Today/ })
    .click();
  const settled = bea.page.getByRole('dialog', { name: 'Settled: this feeding' });
  await settled.waitFor();
  await bea.page.goBack();
  await settled.waitFor({ state: 'hidden' });
  const question = await askToDiscard(bea.page);
  await question.getByText(/^Decision on feeding, Today/).waitFor();
  await question.getByText('The conflict is open again.').waitFor();
  expect(await bea.page.getByText('Changed conflict').count()).toBe(0);
  await question.getByRole('button', { name: 'Save a copy and discard' }).click();
  await bea.page.getByText('Nothing waits').waitFor();
  await bea.page.getByRole('tab', { name: /^Needs you/ }).click();
  await row(bea.page, 'Decide').waitFor();
});

it('a refused form says that its new pin was not accepted either, and leads to that', async () => {
  const { page, context } = await dashboard.open(ADA);
  await context.setOffline(true);
  await addPin(page, 'North gate');
  await pinRow(page, 'North gate').click();
  await page.getByRole('button', { name: 'Add form' }).click();
  await page.getByRole('menuitem', { name: 'Inspection' }).click();
  await refuseWrites(page, 'pins');
  await context.setOffline(false);
  await indicatorSays(page, /^2 need you/);
  await toCentre(page, /^Needs you/);
  await row(page, 'New form').click();
  await sheet(page).getByText('North gate (not accepted either)').waitFor();
  await sheet(page).getByText('Try that one again first:').waitFor();
  expect(await sheet(page).getByText('Not on this device any more').count()).toBe(0);
  expect(await serious(page)).toEqual([]);
  await sheet(page).getByRole('link', { name: 'Pin, North gate' }).click();
  await page.getByRole('dialog', { name: 'New pin “North gate”' }).waitFor();
  await sheet(page).getByRole('button', { name: 'Edit and try again' }).waitFor();
});

it('what is typed into a refused change stays in sight when another tab discards that change', async () => {
  const { page, openTab } = await dashboard.open(ADA);
  await addPin(page, 'North gate');
  await indicatorSays(page, /^Synced/);
  await refuseWrites(page, 'pins');
  await editPin(page, 'North gate', { title: 'South gate' });
  await indicatorSays(page, /^1 needs you/);
  await page.getByRole('button', { name: /^Not accepted: / }).click();
  await sheet(page).getByRole('button', { name: 'Edit and try again' }).click();
  await sheet(page).getByLabel('Title').fill('West gate');
  const other = await openTab();
  await toCentre(other, /^Needs you/);
  await row(other, 'South gate').click();
  await discard(other);
  await other.getByText(/^Discarded\. Saved as holdfast-changed-pin-.*\.json$/).waitFor();
  await sheet(page).getByText('This was decided in another tab').waitFor();
  const typed = sheet(page).getByLabel('What you typed and did not save');
  expect(await typed.inputValue()).toBe('Title: West gate');
  await sheet(page).getByRole('button', { name: 'Copy' }).waitFor();
  expect(await sheet(page).getByText('Accepted').count()).toBe(0);
  expect(await serious(page)).toEqual([]);
  await sheet(page).getByRole('button', { name: 'Drop it' }).click();
  await typed.waitFor({ state: 'detached' });
  await sheet(page).getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Nothing needs you').waitFor();
});

it('what is tried again and refused again is not said to wait', async () => {
  const { page } = await dashboard.open(ADA);
  await refuseWrites(page, 'pins');
  await addPin(page, 'North gate');
  await indicatorSays(page, /^1 needs you/);
  await toCentre(page, /^Needs you/);
  await row(page, 'North gate').click();
  await sheet(page).getByRole('button', { name: 'Try again', exact: true }).click();
  await page.getByText('Again not accepted.').waitFor();
  expect(await page.getByText('It waits to be sent again').count()).toBe(0);
  await row(page, 'North gate').click();
  await sheet(page).getByRole('button', { name: 'Edit and try again' }).click();
  await acceptWrites(page);
  await sheet(page).getByRole('button', { name: 'Save and try again' }).click();
  await page.getByText('It waits to be sent again').waitFor();
  await indicatorSays(page, /^Synced/);
});

describe('what waits', () => {
  it('shows what was written, and in plain words what comes of discarding it', async () => {
    const { page, context } = await dashboard.open(ADA);
    await seeOnce(page);
    await addPin(page, 'North gate');
    await addPin(page, 'East gate');
    await indicatorSays(page, /^Synced/);
    await context.setOffline(true);
    await editPin(page, 'North gate', { notes: 'The lock sticks' });
    await addPin(page, 'South gate');
    await deletePin(page, 'East gate');
    await indicatorSays(page, /3 saved on this device/);
    await toCentre(page);
    for (const [name, said, comes] of [
      ['North gate', 'The lock sticks', 'The pin goes back to what the server has.'],
      ['South gate', 'Site', /^The new pin is deleted here\. If it has reached the server already/],
      ['East gate', '', 'The pin comes back.'],
    ] as const) {
      await row(page, name).click();
      if (said !== '') await wrote(page, 'You wrote').getByText(said, { exact: true }).waitFor();
      const question = await askToDiscard(page);
      await question.getByText(comes).waitFor();
      expect(await question.getByText(name).count()).toBe(1);
      expect(await serious(page)).toEqual([]);
      await question.getByRole('button', { name: 'Keep', exact: true }).click();
      await question.waitFor({ state: 'hidden' });
      await page.keyboard.press('Escape');
      await sheet(page).waitFor({ state: 'hidden' });
    }
  });

  it('leaves no sheet behind once it is discarded, also if nobody says that it was', async () => {
    const { page, context } = await dashboard.open(ADA);
    await addPin(page, 'North gate');
    await indicatorSays(page, /^Synced/);
    // The tab that syncs lets go of what it is asked to, and its answer is lost.
    await page.addInitScript(() => {
      window.BroadcastChannel = class extends BroadcastChannel {
        override postMessage(message: { readonly kind?: unknown }): void {
          if (message.kind !== 'found') super.postMessage(message);
        }
      };
    });
    await page.reload();
    await pinRow(page, 'North gate').waitFor();
    await context.route('**/api/sync/push', (route) =>
      route.fulfill({ status: 503, json: { code: 'unavailable', title: 'Not now' } }),
    );
    await editPin(page, 'North gate', { title: 'South gate' });
    await indicatorSays(page, /^1 needs you/);
    const other = await context.newPage();
    await other.goto(`${dashboard.url}/sync/needs-you`);
    await row(other, 'South gate').click();
    await discard(other);
    await other.getByText('Nothing needs you').waitFor();
    await expect.poll(() => sheet(other).count(), { timeout: 10_000 }).toBe(0);
    expect(new URL(other.url()).search).toBe('');
  });
});
