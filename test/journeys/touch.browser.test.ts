// Somebody with a phone and fingers: the map is pinched, and a pin is put where it is tapped.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addPin, mapOf, onMap, PHONE, pinRow } from '../support/browser.ts';
import { ADA, withDashboard } from '../support/dashboard.ts';

const dashboard = withDashboard();
const openMap = async (): Promise<Page> => {
  const { page } = await dashboard.open(ADA, { size: PHONE, touch: true });
  await addPin(page, 'North gate');
  await pinRow(page, 'North gate').waitFor();
  await page.getByText('Map', { exact: true }).tap();
  await mapOf(page).waitFor();
  return page;
};
const tapMap = async (page: Page, across: number, down: number): Promise<void> => {
  const { x, y } = await onMap(page, across, down);
  await page.touchscreen.tap(x, y);
};

/** Two fingers that go apart to `times` their distance around the middle. */
const pinch = async (page: Page, times: number): Promise<void> => {
  const device = await page.context().newCDPSession(page);
  const { x, y } = await onMap(page, 0.5, 0.5);
  const fingers = (apart: number) => [
    { x: x - apart, y, id: 1 },
    { x: x + apart, y, id: 2 },
  ];
  await device.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(40) });
  for (const part of [0.25, 0.5, 0.75, 1])
    await device.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: fingers(40 * times ** part),
    });
  await device.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
};

/** The longitude of what is under a tap. */
const longitudeAt = async (page: Page, across: number): Promise<number> => {
  await page.getByRole('button', { name: 'Add here' }).tap();
  await tapMap(page, across, 0.5);
  const sheet = page.getByRole('dialog');
  const longitude = Number(await sheet.getByLabel('Longitude').inputValue());
  await sheet.getByRole('button', { name: 'Cancel' }).tap();
  await sheet.waitFor({ state: 'hidden' });
  return longitude;
};

describe('with fingers', () => {
  it('two that go apart bring the map three times closer', async () => {
    const page = await openMap();
    const widthShown = async (): Promise<number> =>
      (await longitudeAt(page, 0.9)) - (await longitudeAt(page, 0.2));
    const before = await widthShown();
    await pinch(page, 3);
    const times = before / (await widthShown());
    expect(times).toBeGreaterThan(2.8);
    expect(times).toBeLessThan(3.2);
  });

  it('a tap after “Add here” puts a pin there, and a tap on it opens it', async () => {
    const page = await openMap();
    // A map that nobody has moved moves by itself to what is new.
    await pinch(page, 1.5);
    await page.getByRole('button', { name: 'Add here' }).tap();
    await tapMap(page, 0.3, 0.3);
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Title').fill('Old well');
    await sheet.getByRole('button', { name: 'Add pin' }).tap();
    await sheet.waitFor({ state: 'hidden' });
    await tapMap(page, 0.3, 0.3);
    await sheet.getByLabel('Title').waitFor();
    expect(await sheet.getByLabel('Title').inputValue()).toBe('Old well');
  });

  it('a finger that stays begins a pin where it is', async () => {
    const page = await openMap();
    const device = await page.context().newCDPSession(page);
    const at = await onMap(page, 0.3, 0.7);
    await device.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await page.getByRole('dialog').getByLabel('Latitude').waitFor();
    await device.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    expect(await page.getByRole('dialog').getByLabel('Latitude').inputValue()).not.toBe('');
  });
});
