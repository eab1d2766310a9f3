// For everybody: axe finds nothing serious on the screens, and the list works by keyboard alone.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serious } from '../support/axe.ts';
import { addPin, openBrowser, openProfile, pinRow } from '../support/browser.ts';
import { makeDataFolder, type ServerProcess } from '../support/server-process.ts';

const folder = makeDataFolder();
let browser: Browser;
let server: ServerProcess;
beforeAll(async () => {
  browser = await openBrowser();
  server = await folder.serve();
  await folder.prepare();
});
afterAll(async () => {
  await browser.close();
  await folder.remove();
});

describe.each([
  ['wide, light', { width: 1280, height: 800 }, 'light'],
  ['narrow, dark', { width: 390, height: 844 }, 'dark'],
] as const)('%s', (_name, size, colorScheme) => {
  it('axe finds nothing serious on log-in, list and form', async () => {
    const visitor = await browser.newContext({ viewport: size, colorScheme });
    const door = await visitor.newPage();
    await door.goto(server.url);
    await door.getByLabel('Email').waitFor();
    expect(await serious(door)).toEqual([]);
    await visitor.close();

    const { page, context } = await openProfile(browser, server.url, 'ada@example.org', size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await addPin(page, `Gate ${size.width}`);
    await pinRow(page, `Gate ${size.width}`).waitFor();
    expect(await serious(page)).toEqual([]);
    await pinRow(page, `Gate ${size.width}`).click();
    await page.getByRole('dialog').getByLabel('Title').waitFor();
    expect(await serious(page)).toEqual([]);
    await context.close();
  });
});

it('somebody without a mouse adds, finds and changes a pin', async () => {
  const { page, context } = await openProfile(browser, server.url, 'ada@example.org');
  await addPin(page, 'First');
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByLabel('Title').waitFor();
  await page.keyboard.type('By keyboard');
  const latitude = page.getByRole('dialog').getByLabel('Latitude');
  while (!(await latitude.evaluate((box) => box === document.activeElement)))
    await page.keyboard.press('Tab');
  await page.keyboard.type('10');
  await page.keyboard.press('Tab');
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('/');
  await page.keyboard.type('by key');
  await page.getByText('1 of', { exact: false }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('dialog').getByLabel('Title').inputValue()).toBe('By keyboard');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await context.close();
});
