// Two people with the map itself, in real Chromium: choosing, adding by a tap, filling in a form,
// at a desk and on a phone, without the server and back.

import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  addPin,
  indicatorSays,
  mapOf,
  onMap,
  PHONE,
  pinRow,
  type Seat,
} from '../support/browser.ts';
import { ADA, BEA, withDashboard } from '../support/dashboard.ts';
import { until } from '../support/until.ts';

const dashboard = withDashboard();
const open = async (email: string, seat?: Seat): Promise<Page> =>
  (await dashboard.open(email, seat)).page;

const tapMap = async (page: Page, across: number, down: number): Promise<void> => {
  const { x, y } = await onMap(page, across, down);
  await page.mouse.click(x, y);
};
const nameAndAdd = async (page: Page, title: string): Promise<void> => {
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Title').fill(title);
  await sheet.getByRole('button', { name: 'Add pin' }).click();
  await sheet.waitFor({ state: 'hidden' });
};

describe('on the map', () => {
  it('one adds by a tap what another, on a phone, sees and chooses', async () => {
    const [ada, bea] = [await open(ADA), await open(BEA, { size: PHONE })];
    await ada.getByRole('button', { name: 'Add here' }).click();
    await tapMap(ada, 0.5, 0.4);
    expect(await ada.getByLabel('Latitude').inputValue()).not.toBe('');
    await nameAndAdd(ada, 'North gate');
    await pinRow(bea, 'North gate').waitFor();
    await bea.getByText('Map', { exact: true }).click();
    await mapOf(bea).waitFor();
    // One pin, shown in the middle.
    await bea.getByRole('button', { name: 'Show all pins' }).click();
    await mapOf(bea).press('Enter');
    await bea.getByRole('dialog').getByLabel('Title').waitFor();
    expect(await bea.getByLabel('Title').inputValue()).toBe('North gate');
  });

  it('has land, fine enough to zoom, for who opens it only after the network is gone', async () => {
    const bea = await open(BEA, { size: PHONE, module: 'care' });
    const shapes = bea.waitForEvent('requestfinished', (request) =>
      request.url().includes('countries-50m'),
    );
    await bea.getByRole('link', { name: 'Field map' }).click();
    await shapes;
    await bea.context().setOffline(true);
    await bea.getByText('Map', { exact: true }).click();
    const land = mapOf(bea).locator('canvas').first();
    // It is placed where it belongs with the first picture.
    await until(async () => /scale/.test((await land.getAttribute('style')) ?? ''), 'land');
  });

  it('a phone’s owner chooses the place of a new pin, offline, and it is sent later', async () => {
    const [ada, bea] = [await open(ADA), await open(BEA, { size: PHONE })];
    await indicatorSays(bea, /^Synced/);
    await bea.context().setOffline(true);
    await bea.getByRole('button', { name: 'Add the first pin' }).click();
    await bea.getByLabel('Title').fill('Old well');
    await bea.getByRole('button', { name: 'Choose on the map' }).click();
    await bea.getByText('Tap where the pin belongs').waitFor();
    await tapMap(bea, 0.4, 0.5);
    expect(await bea.getByLabel('Title').inputValue()).toBe('Old well');
    await bea.getByRole('dialog').getByRole('button', { name: 'Add pin' }).click();
    await bea.getByText('List', { exact: true }).click();
    await pinRow(bea, 'Old well').getByRole('img', { name: 'Not sent yet' }).waitFor();
    await bea.reload().catch(() => undefined);
    await bea.context().setOffline(false);
    await bea.goto(`${dashboard.url}/map`);
    await pinRow(ada, 'Old well').waitFor();
  });

  it('the list and the map choose the same pin', async () => {
    const ada = await open(ADA);
    await addPin(ada, 'North gate');
    await mapOf(ada).focus();
    await ada.keyboard.press('Enter');
    await pinRow(ada, 'North gate').and(ada.locator('[aria-current="true"]')).waitFor();
    await ada.keyboard.press('Escape');
    await ada.getByRole('dialog').waitFor({ state: 'hidden' });
    await pinRow(ada, 'North gate').focus();
    await ada.keyboard.press('Enter');
    await ada.getByRole('dialog').getByLabel('Title').waitFor();
    expect(await ada.getByLabel('Title').inputValue()).toBe('North gate');
  });

  it('a pin that is chosen beside an open one takes its place, and closing leads to the list', async () => {
    const ada = await open(ADA);
    const sheet = ada.getByRole('dialog');
    const titles = ['North gate', 'Old well', 'South gate'];
    for (const title of titles) await addPin(ada, title);
    const openAll = async (): Promise<void> => {
      for (const title of titles) {
        await pinRow(ada, title).click();
        await ada.getByRole('dialog', { name: title }).waitFor();
      }
    };
    const showsList = async (): Promise<void> => {
      await sheet.waitFor({ state: 'hidden' });
      expect(new URL(ada.url()).pathname).toBe('/map');
    };
    await openAll();
    await ada.goBack();
    await showsList();
    await openAll();
    await ada.keyboard.press('Escape');
    await showsList();
    await openAll();
    await ada.getByRole('button', { name: 'Add pin' }).click();
    await ada.getByRole('dialog', { name: 'New pin' }).waitFor();
    await sheet.getByRole('button', { name: 'Cancel' }).click();
    await showsList();
    await openAll();
    await sheet.getByRole('button', { name: 'Delete' }).dblclick();
    await showsList();
    await ada.getByText('2 pins', { exact: true }).waitFor();
  });

  it.each([
    ['at a desk', {}],
    ['on a phone', { size: PHONE }],
  ])(
    'a new form is brought into sight, and goes where it is cancelled, %s',
    async (_place, seat: Seat) => {
      const ada = await open(ADA, seat);
      await addPin(ada, 'North gate');
      await pinRow(ada, 'North gate').click();
      await ada.getByRole('button', { name: 'Add form' }).click();
      await ada.getByRole('menuitem', { name: 'Inspection' }).click();
      const inSight = (button: Locator): Promise<boolean> =>
        button.evaluate((it) => {
          const { left, top, width, height } = it.getBoundingClientRect();
          return it.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        });
      for (const name of [/^Inspection/, 'Save form'])
        await until(() => inSight(ada.getByRole('button', { name })), `${name} in sight`);
      // Who cancels it wants none, and can still think again.
      await ada
        .getByRole('region', { name: 'Forms' })
        .getByRole('button', { name: 'Cancel' })
        .click();
      await ada.getByText('No forms here yet.').waitFor();
      await ada.getByRole('button', { name: 'Undo' }).click();
      await ada.getByRole('button', { name: /^Inspection/ }).waitFor();
    },
  );

  it('two people answer different questions of one form, and both answers stand', async () => {
    const [ada, bea] = [await open(ADA), await open(BEA)];
    await addPin(ada, 'North gate');
    await pinRow(bea, 'North gate').click();
    await pinRow(ada, 'North gate').click();
    await ada.getByRole('button', { name: 'Add form' }).click();
    await ada.getByRole('menuitem', { name: 'Inspection' }).click();
    await ada.getByLabel('Condition').selectOption('worn');
    await bea.getByRole('button', { name: /^Inspection/ }).click();
    await bea.getByLabel('Meter reading').fill('4711');
    for (const page of [ada, bea]) await page.getByRole('button', { name: 'Save form' }).click();
    for (const page of [ada, bea]) await indicatorSays(page, /^Synced/);
    await ada.getByRole('button', { name: /^Inspection/ }).click();
    await ada.locator('textarea', { hasText: '4711' }).waitFor();
    expect(await ada.getByLabel('Condition').inputValue()).toBe('worn');
  });
});
