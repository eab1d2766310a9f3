// Two people change one feeding while apart; its author, or an owner, settles it.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  addFeeding,
  addPin,
  DESK,
  editFeeding,
  editPin,
  feedingRow,
  indicatorSays,
  PHONE,
  pinRow,
  type Profile,
  type Seat,
} from '../support/browser.ts';
import { serious } from '../support/axe.ts';
import { ADA, BEA, withDashboard } from '../support/dashboard.ts';
import { goTo, press } from '../support/keyboard.ts';
import { until } from '../support/until.ts';

const dashboard = withDashboard();

const mark = (page: Page) => page.getByRole('button', { name: 'Two versions', exact: true });
const dialog = (page: Page) => page.getByRole('dialog', { name: /^Two versions of this feeding/ });
const toInbox = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: /^Sync centre/ }).click();
  await page.getByRole('tab', { name: /^Needs you/ }).click();
  await page.getByRole('link', { name: /^Inbox/ }).click();
};

/** Ada wrote 90 ml; Bea, who did not know, 120 ml with a note. */
async function collide(seat: Seat = {}): Promise<readonly [ada: Profile, bea: Profile]> {
  const inCare: Seat = { ...seat, module: 'care' };
  const [ada, bea] = [await dashboard.open(ADA, inCare), await dashboard.open(BEA, inCare)];
  await addFeeding(ada.page, { amountMl: 100 });
  await feedingRow(bea.page, '100 ml').waitFor();
  await indicatorSays(ada.page, /^Synced/);
  for (const { context } of [ada, bea]) await context.setOffline(true);
  await editFeeding(ada.page, '100 ml', { amountMl: 90 });
  await editFeeding(bea.page, '100 ml', { amountMl: 120, notes: 'Very hungry' });
  await ada.context.setOffline(false);
  await indicatorSays(ada.page, /^Synced/);
  await bea.context.setOffline(false);
  await mark(bea.page).waitFor();
  return [ada, bea];
}

const stored = async () => {
  const [feeding] = await dashboard.onServer('feedings');
  return { amountMl: feeding?.['amountMl'], notes: feeding?.['notes'] };
};

describe.each([
  ['at a desk', DESK],
  ['on a phone', PHONE],
])('two versions of one feeding, %s', (_place, size) => {
  it('wait under a red mark until their author merges them, and then everybody has the same', async () => {
    const [ada, bea] = await collide({ size });
    // The author goes on seeing her own; everybody else sees the document.
    await feedingRow(bea.page, '120 ml').waitFor();
    await feedingRow(ada.page, '90 ml').waitFor();
    await indicatorSays(bea.page, /^1 needs you/);
    await mark(bea.page).click();
    const form = dialog(bea.page);
    await form.getByText(/^Ada wrote theirs .*, on their own device\.$/).waitFor();
    await form.getByText(/^You wrote yours .*, on this device\.$/).waitFor();
    await form.getByRole('radio', { name: /^Amount, Ada’s: 90 ml/ }).check();
    expect(await form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await form.getByRole('radio', { name: /^Notes, Yours: Very hungry/ }).check();
    await form.getByRole('region', { name: 'Result' }).getByText('90 ml').waitFor();
    expect(await serious(bea.page)).toEqual([]);
    await form.getByRole('button', { name: 'Save' }).click();
    await bea.page.getByText('Settled.').waitFor();
    for (const { page } of [ada, bea]) {
      await feedingRow(page, '90 ml').filter({ hasText: 'Very hungry' }).waitFor();
      await mark(page).waitFor({ state: 'hidden' });
      await indicatorSays(page, /^Synced/);
    }
    expect(await stored()).toEqual({ amountMl: 90, notes: 'Very hungry' });
    expect(await dashboard.ask('/api/feedings')).toMatchObject({
      records: [{ amount_ml: 90, notes: 'Very hungry' }],
    });
  });
});

it('a decision made without a network waits like any change, and can be taken back before and after', async () => {
  const [ada, bea] = await collide();
  await bea.context.setOffline(true);
  await indicatorSays(bea.page, /^Offline/);
  await mark(bea.page).click();
  await dialog(bea.page).getByRole('button', { name: 'Keep theirs' }).click();
  await dialog(bea.page).getByRole('button', { name: 'Save' }).click();
  await feedingRow(bea.page, '90 ml').waitFor();
  await bea.page.getByRole('button', { name: 'Undo' }).click();
  await feedingRow(bea.page, '120 ml').waitFor();
  await mark(bea.page).click();
  await dialog(bea.page).getByRole('button', { name: 'Keep mine' }).click();
  await dialog(bea.page).getByRole('button', { name: 'Save' }).click();
  await toInbox(bea.page);
  await bea.page.getByText('Settled 1').click();
  await bea.page.getByRole('img', { name: 'Decided here, not sent yet' }).waitFor();
  expect(await stored()).toMatchObject({ amountMl: 90 });
  await bea.context.setOffline(false);
  await until(async () => (await stored()).amountMl === 120, 'the decision on the server');
  await feedingRow(ada.page, '120 ml').waitFor();
  await indicatorSays(bea.page, /^Synced/);

  await bea.page.locator('[data-index]', { hasText: 'You kept your version' }).click();
  await bea.page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await until(async () => (await stored()).amountMl === 90, 'the decision taken back');
  await mark(ada.page).waitFor();
});

it('an owner settles for the author, who is called by name', async () => {
  const [ada, bea] = await collide();
  await toInbox(ada.page);
  await ada.page.getByText('Bea and you changed it at the same time').click();
  expect(await serious(ada.page)).toEqual([]);
  await dialog(ada.page).getByRole('button', { name: 'Keep Bea’s' }).click();
  await dialog(ada.page).getByRole('button', { name: 'Save' }).click();
  await until(async () => (await stored()).amountMl === 120, 'Bea’s version on the server');
  await mark(bea.page).waitFor({ state: 'hidden' });
  await feedingRow(bea.page, '120 ml').waitFor();
});

it('when the record changed after the decision, the dialog says so and asks once more', async () => {
  const [ada, bea] = await collide();
  await bea.context.setOffline(true);
  await indicatorSays(bea.page, /^Offline/);
  await mark(bea.page).click();
  await dialog(bea.page).getByRole('button', { name: 'Keep mine' }).click();
  await dialog(bea.page).getByRole('button', { name: 'Save' }).click();
  await mark(bea.page).waitFor({ state: 'hidden' });
  await editFeeding(ada.page, '90 ml', { amountMl: 95 });
  await indicatorSays(ada.page, /^1 needs you/);
  await until(async () => (await stored()).amountMl === 95, 'Ada’s later change');
  await bea.context.setOffline(false);
  await mark(bea.page).click();
  await dialog(bea.page).getByText('Please choose once more').waitFor();
  await dialog(bea.page)
    .getByRole('radio', { name: /^Amount, Ada’s: 95 ml/ })
    .waitFor();
});

it('what its author goes on editing while two versions wait is the version that waits', async () => {
  const [ada, bea] = await collide();
  await editFeeding(bea.page, '120 ml', { amountMl: 130 });
  await feedingRow(bea.page, '130 ml').waitFor();
  await indicatorSays(bea.page, /^1 needs you/);
  expect(await stored()).toMatchObject({ amountMl: 90 });
  await mark(ada.page).click();
  await dialog(ada.page)
    .getByRole('radio', { name: /^Amount, Bea’s: 130 ml/ })
    .waitFor();
});

it('two versions are settled by keyboard alone, and the focus returns to where it was', async () => {
  const [, { page }] = await collide();
  await press(page, mark(page));
  await press(page, dialog(page).getByRole('button', { name: 'Keep theirs' }), 'Space');
  const amount = dialog(page).getByRole('radio', { name: /^Amount, Ada’s/ });
  await goTo(page, amount);
  await page.keyboard.press('ArrowLeft');
  expect(await amount.isChecked()).toBe(false);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
  await until(
    () => mark(page).evaluate((element) => element === document.activeElement),
    'the focus on the mark',
  );
  await page.keyboard.press('Enter');
  await press(page, dialog(page).getByRole('button', { name: 'Keep mine' }), 'Space');
  await press(page, dialog(page).getByRole('button', { name: 'Save' }));
  await until(async () => (await stored()).amountMl === 120, 'the decision on the server');
  await dialog(page).waitFor({ state: 'hidden' });
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
});

it('a value that was overwritten is put back by its author, and the rest put away', async () => {
  const [ada, bea] = [await dashboard.open(ADA), await dashboard.open(BEA)];
  await addPin(ada.page, 'North gate');
  await pinRow(bea.page, 'North gate').waitFor();
  for (const { context } of [ada, bea]) await context.setOffline(true);
  await editPin(ada.page, 'North gate', { notes: 'locked' });
  await editPin(bea.page, 'North gate', { notes: 'open' });
  for (const { context, page } of [ada, bea]) {
    await context.setOffline(false);
    await indicatorSays(page, /^Synced/);
  }
  await toInbox(ada.page);
  await ada.page.getByText(/^Information 1/).click();
  await ada.page.getByText('Bea overwrote your notes').click();
  const news = ada.page.getByRole('dialog', { name: 'Your value was overwritten' });
  await news.getByRole('button', { name: 'Use my version' }).waitFor();
  expect(await serious(ada.page)).toEqual([]);
  await news.getByRole('button', { name: 'Use my version' }).click();
  const notes = async () => (await dashboard.onServer('pins'))[0]?.['notes'];
  await until(async () => (await notes()) === 'locked', 'Ada’s notes on the server');
  await ada.page.getByText('Nothing was overwritten').waitFor();
});

it('two people who answer different questions of one form are not asked', async () => {
  const [ada, bea] = [await dashboard.open(ADA), await dashboard.open(BEA)];
  await addPin(ada.page, 'North gate');
  await pinRow(ada.page, 'North gate').click();
  await ada.page.getByRole('button', { name: 'Add form' }).click();
  await ada.page.getByRole('menuitem', { name: 'Inspection' }).click();
  await pinRow(bea.page, 'North gate').click();
  await bea.page.getByRole('button', { name: /^Inspection/ }).click();
  for (const { context } of [ada, bea]) await context.setOffline(true);
  await ada.page.getByLabel('Meter reading').fill('4711');
  await bea.page.getByLabel('Remarks').fill('Gate sticks');
  for (const { page } of [ada, bea]) {
    await page.getByRole('button', { name: 'Save form' }).click();
    await indicatorSays(page, /^Offline\. 1 saved/);
  }
  for (const { context } of [ada, bea]) await context.setOffline(false);
  for (const { page } of [ada, bea]) {
    await indicatorSays(page, /^Synced/);
    await page.getByRole('button', { name: /^Inspection/ }).click();
    await until(
      async () =>
        (await page.getByLabel('Meter reading').inputValue()) === '4711' &&
        (await page.getByLabel('Remarks').inputValue()) === 'Gate sticks',
      'both answers on the page',
    );
  }
  expect(await dashboard.onServer('conflicts')).toEqual([]);
});
