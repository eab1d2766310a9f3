// Every journey without a mouse or a finger: only keys are pressed here, and the focus is always seen.

import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { feedingRow, pinRow } from '../support/browser.ts';
import { ADA, SOON, withDashboard } from '../support/dashboard.ts';
import { goTo, open, press, type } from '../support/keyboard.ts';
import { PASSWORD } from '../support/live-server.ts';

const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });
const inSheet = (page: Page, name: string): Locator =>
  page.getByRole('dialog').getByRole('button', { name, exact: true });
const sheetCloses = (page: Page): Promise<void> =>
  page.getByRole('dialog').waitFor({ state: 'hidden' });

describe('with keys alone, the first start', () => {
  const dashboard = withDashboard(true);

  it('is gone through', async () => {
    const page = await dashboard.visit(await dashboard.firstStart());
    await type(page, page.getByLabel('Your name'), 'Mara');
    await type(page, page.getByLabel('Email'), 'mara@example.org');
    await type(page, page.getByLabel('Password').first(), PASSWORD);
    await type(page, page.getByLabel('Workspace name'), 'Harbour');
    await press(page, page.getByRole('checkbox', { name: 'Care log' }), 'Space');
    await press(page, button(page, 'Create workspace'));
    await page.getByText('No pins yet').waitFor();
    expect(await page.getByRole('link', { name: 'Care log' }).count()).toBe(0);
  });
});

describe('with keys alone, somebody', () => {
  const dashboard = withDashboard();
  const logIn = async (): Promise<Page> => {
    const page = await dashboard.visit(dashboard.url);
    await type(page, page.getByLabel('Email'), ADA);
    await type(page, page.getByLabel('Password').first(), PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Field map' }).waitFor();
    return page;
  };
  const addPin = async (page: Page, title: string, kind = 'site'): Promise<void> => {
    await page.getByRole('heading', { name: 'Field map' }).waitFor();
    await page.keyboard.press('n');
    const sheet = page.getByRole('dialog');
    await type(page, sheet.getByLabel('Title'), title);
    await goTo(page, sheet.getByLabel('Kind'));
    await page.keyboard.type(kind);
    await type(page, sheet.getByLabel('Latitude'), '10');
    await type(page, sheet.getByLabel('Longitude'), '20');
    await page.keyboard.press('Enter');
    await sheetCloses(page);
    await pinRow(page, title).waitFor();
  };

  it('adds, finds, filters and changes pins', async () => {
    const page = await logIn();
    await addPin(page, 'North gate');
    await addPin(page, 'Loose railing', 'hazard');
    await page.keyboard.press('/');
    await page.keyboard.type('north');
    await page.getByText('1 of 2 pins').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await type(page, page.getByRole('dialog').getByLabel('Title'), 'South gate');
    await page.keyboard.press('Enter');
    await sheetCloses(page);
    await page.getByText('0 of 2 pins').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await page.getByText('2 pins', { exact: true }).waitFor();
    await press(page, button(page, 'Filter'));
    await press(page, page.getByRole('checkbox', { name: 'hazard' }), 'Space');
    await page.getByText('1 of 2 pins').waitFor();
    await page.keyboard.press('Escape');
    await pinRow(page, 'Loose railing').waitFor();
    expect(await pinRow(page, 'South gate').count()).toBe(0);
  });

  it('deletes a pin and takes that back', async () => {
    const page = await logIn();
    await addPin(page, 'North gate');
    await press(page, pinRow(page, 'North gate'));
    await press(page, inSheet(page, 'Delete'));
    await sheetCloses(page);
    await pinRow(page, 'North gate').waitFor({ state: 'detached' });
    await goTo(page, button(page, 'Undo'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await pinRow(page, 'North gate').waitFor();
    await expect.poll(() => dashboard.onServer('pins'), SOON).toHaveLength(1);
  });

  it('puts a pin on the map', async () => {
    const page = await logIn();
    const map = page.getByRole('application', { name: 'Map of the pins' });
    await press(page, button(page, 'Add here'));
    await goTo(page, map, 'Shift+Tab');
    for (const key of ['+', 'ArrowUp', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await type(page, page.getByRole('dialog').getByLabel('Title'), 'Old well');
    await page.keyboard.press('Enter');
    await sheetCloses(page);
    await pinRow(page, 'Old well').waitFor();
    await expect
      .poll(() => dashboard.onServer('pins'), SOON)
      .toMatchObject([{ title: 'Old well' }]);
  });

  it('fills in a form of a pin', async () => {
    const page = await logIn();
    await addPin(page, 'North gate');
    await press(page, pinRow(page, 'North gate'));
    await press(page, button(page, 'Add form'));
    await goTo(page, page.getByRole('menuitem', { name: 'Inspection' }), 'ArrowDown');
    await page.keyboard.press('Enter');
    await goTo(page, page.getByLabel('Condition'));
    await page.keyboard.type('worn');
    await type(page, page.getByLabel('Meter reading'), '4711');
    await press(page, inSheet(page, 'Save form'));
    await expect
      .poll(() => dashboard.onServer('forms'), SOON)
      .toMatchObject([{ answers: { condition: 'worn', 'meter reading': '4711' } }]);
  });

  it('goes to the care log, adds, finds and changes feedings there', async () => {
    const page = await logIn();
    await press(page, page.getByRole('link', { name: 'Care log' }));
    await press(page, button(page, 'Add the first feeding'));
    await inSheet(page, 'Add feeding').waitFor();
    await type(page, page.getByRole('dialog').getByLabel('Amount in ml'), '90');
    await page.keyboard.press('Enter');
    await sheetCloses(page);
    await feedingRow(page, '90 ml').waitFor();
    await page.keyboard.press('n');
    await goTo(page, inSheet(page, 'Add feeding'));
    await page.keyboard.press('Enter');
    await sheetCloses(page);
    await page.getByText('2 feedings', { exact: true }).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('90');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await type(page, page.getByRole('dialog').getByLabel('Amount in ml'), '95');
    await page.keyboard.press('Enter');
    await sheetCloses(page);
    await page.getByText('1 of 2 feedings').waitFor();
    const amounts = async (): Promise<readonly number[]> =>
      (await dashboard.onServer('feedings'))
        .map((doc) => Number(doc['amountMl']))
        .toSorted((one, other) => one - other);
    await expect.poll(amounts, SOON).toEqual([90, 95]);
  });

  it('deletes a feeding and takes that back', async () => {
    const page = await logIn();
    await press(page, page.getByRole('link', { name: 'Care log' }));
    await press(page, button(page, 'Add the first feeding'));
    await inSheet(page, 'Add feeding').waitFor();
    await type(page, page.getByRole('dialog').getByLabel('Amount in ml'), '90');
    await page.keyboard.press('Enter');
    await sheetCloses(page);
    await open(page, feedingRow(page, '90 ml'));
    await press(page, inSheet(page, 'Delete'));
    await sheetCloses(page);
    await feedingRow(page, '90 ml').waitFor({ state: 'detached' });
    await goTo(page, button(page, 'Undo'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await feedingRow(page, '90 ml').waitFor();
    await expect.poll(() => dashboard.onServer('feedings'), SOON).toHaveLength(1);
  });

  it('reads how things stand, closes that again, and logs out', async () => {
    const page = await logIn();
    const indicator = button(page, /^Synced/);
    await press(page, indicator);
    await goTo(page, button(page, 'Sync now'));
    await page.keyboard.press('Escape');
    await button(page, 'Sync now').waitFor({ state: 'hidden' });
    expect(await indicator.evaluate((one) => one === document.activeElement)).toBe(true);
    await press(page, button(page, 'Menu of Ada'));
    await goTo(page, page.getByRole('menuitem', { name: 'Log out' }), 'ArrowDown');
    await page.keyboard.press('Enter');
    await press(page, inSheet(page, 'Log out'));
    await page.getByLabel('Email').waitFor();
  });
});
