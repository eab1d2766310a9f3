// A newcomer's first minutes: from the address that the server prints to a map full of pins.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DESK, mapOf, PHONE } from '../support/browser.ts';
import { withDashboard } from '../support/dashboard.ts';
import { until } from '../support/until.ts';

const dashboard = withDashboard(true);

const fillIn = async (page: Page, workspace = 'Harbour'): Promise<void> => {
  await page.getByLabel('Your name').fill('Mara');
  await page.getByLabel('Email').fill('mara@example.org');
  await page.getByLabel('Password').first().fill('correct horse');
  await page.getByLabel('Workspace name').fill(workspace);
};
const create = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Create workspace' }).click();

/** Lets the sample's first steps through and holds the next until it is let go. */
const holdSample = async (page: Page): Promise<void> => {
  let asked = 0;
  await page.route('**/api/sample', (route) => {
    asked += 1;
    return asked > 2 ? undefined : route.continue();
  });
};
const recordsLoaded = async (page: Page): Promise<readonly number[]> => {
  const words = await page.getByText(/^[\d,]+ of [\d,]+ records$/).textContent();
  return (words ?? '').match(/[\d,]+/g)?.map((text) => Number(text.replaceAll(',', ''))) ?? [];
};
/** How much of the map's upper layer, that of the pins, has something on it. */
const drawnOnMap = (page: Page): Promise<number> =>
  mapOf(page)
    .locator('canvas')
    .last()
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const { data } =
        canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
      return data?.filter((value, at) => at % 4 === 3 && value > 0).length ?? 0;
    });

describe.each([
  ['at a desk', DESK],
  ['on a phone', PHONE],
])('a newcomer %s', (_place, size) => {
  it('goes through three steps, sees the sample counted, also after a reload, and then the map', async () => {
    const page = await dashboard.visit(await dashboard.firstStart(), { size });
    for (const step of ['Your account', 'Your workspace', 'What you want to use'])
      await page.getByRole('heading', { name: step }).waitFor();
    await fillIn(page);
    await page.getByRole('checkbox', { name: 'Load sample data' }).check();
    await holdSample(page);
    await create(page);
    await page.getByText(/^[\d,]+ of [\d,]+ records$/).waitFor();
    const [done = 0, total = 0] = await recordsLoaded(page);
    expect(done).toBeGreaterThan(0);
    expect(total).toBeGreaterThan(done);
    await page.unroute('**/api/sample');
    await page.reload();
    await page.getByRole('heading', { name: 'Field map' }).waitFor();
    await page.getByText(/^3,\d{3} pins$/).waitFor();
    if (size === PHONE) await page.getByText('Map', { exact: true }).click();
    await until(async () => (await drawnOnMap(page)) > 500, 'pins on the map');
  });
});

describe('the address of the first start', () => {
  it('works once: who comes second is told that the server is set up', async () => {
    const address = await dashboard.firstStart();
    const [first, second] = [await dashboard.visit(address), await dashboard.visit(address)];
    await fillIn(first);
    await create(first);
    await first.getByText('No pins yet').waitFor();
    await fillIn(second, 'Another harbour');
    await create(second);
    await second.getByText('This server is set up already').waitFor();
    const third = await dashboard.visit(address);
    await third.getByRole('button', { name: 'Log in' }).click();
    await third.getByLabel('Email').waitFor();
    expect(new URL(third.url()).pathname).toBe('/');
  });

  it('keeps what was typed where a mistake is found, and says what to do', async () => {
    const page = await dashboard.visit(await dashboard.firstStart());
    await page.getByLabel('Your name').fill('Mara');
    await create(page);
    const email = page.getByLabel('Email');
    expect(await email.getAttribute('aria-invalid')).toBe('true');
    expect(await email.evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await page.getByLabel('Your name').inputValue()).toBe('Mara');
  });
});
