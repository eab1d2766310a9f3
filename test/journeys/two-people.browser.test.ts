// Two people with both modules, at desks and on phones: together, apart without a network, and
// together again, with pages that are loaded anew in between.

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
} from '../support/browser.ts';
import { ADA, BEA, SOON, withDashboard } from '../support/dashboard.ts';

const dashboard = withDashboard();

const goTo = (page: Page, module: 'Field map' | 'Care log'): Promise<void> =>
  page.getByRole('link', { name: module }).click();

/** Off the network for both, and back as the first thing that their pages do after a reload. */
const apart = async (people: readonly Profile[], work: () => Promise<void>): Promise<void> => {
  for (const { context } of people) await context.setOffline(true);
  await work();
  for (const { context, page } of people) {
    await context.setOffline(false);
    await page.reload();
  }
};

describe.each([
  ['at desks', DESK],
  ['on phones', PHONE],
])('two people %s', (_places, size) => {
  it('have the same pins and the same feedings, whatever they did while apart', async () => {
    const [ada, bea] = [await dashboard.open(ADA, { size }), await dashboard.open(BEA, { size })];
    await addPin(ada.page, 'North gate');
    await pinRow(bea.page, 'North gate').waitFor();
    await goTo(bea.page, 'Care log');
    await addFeeding(bea.page, { amountMl: 90 });
    await goTo(ada.page, 'Care log');
    await feedingRow(ada.page, '90 ml').waitFor();
    await goTo(ada.page, 'Field map');

    await apart([ada, bea], async () => {
      await editPin(ada.page, 'North gate', { status: 'done' });
      await addPin(ada.page, 'Old well');
      await goTo(ada.page, 'Care log');
      await editFeeding(ada.page, '90 ml', { notes: 'seen by Ada' });
      await addFeeding(bea.page, { amountMl: 110 });
      await feedingRow(bea.page, '110 ml').getByRole('img', { name: 'Not sent yet' }).waitFor();
      await goTo(bea.page, 'Field map');
      await editPin(bea.page, 'North gate', { title: 'Northern gate' });
      await indicatorSays(ada.page, /^Offline\. 3 saved/);
      await indicatorSays(bea.page, /^Offline\. 2 saved/);
    });

    for (const { page } of [ada, bea]) {
      await goTo(page, 'Field map');
      await pinRow(page, 'Northern gate').filter({ hasText: 'done' }).waitFor();
      await pinRow(page, 'Old well').waitFor();
      await goTo(page, 'Care log');
      await feedingRow(page, 'seen by Ada').filter({ hasText: '90 ml' }).waitFor();
      await feedingRow(page, '110 ml').waitFor();
      await indicatorSays(page, /^Synced/);
    }
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(2);
    await expect.poll(() => dashboard.onServer('feedings'), SOON).toHaveLength(2);
  });
});
