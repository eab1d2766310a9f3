// A person at the dashboard in a real Chromium: logging in, dragging, turning the wheel, typing,
// scrolling.

import type { Browser, CDPSession, Page } from 'playwright-core';

export interface Person {
  readonly page: Page;
  readonly slow: (times: number) => Promise<unknown>;
  readonly devtools: CDPSession;
  readonly close: () => Promise<void>;
}

export const openPage = async (browser: Browser): Promise<Person> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  return {
    page,
    devtools,
    slow: (rate) => devtools.send('Emulation.setCPUThrottlingRate', { rate }),
    close: () => context.close(),
  };
};

export const logIn = async (page: Page, url: string): Promise<void> => {
  await page.goto(`${url}/map`);
  await page.getByLabel('Email').fill('bench@example.org');
  await page.getByLabel('Password').first().fill('bench-password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Field map' }).waitFor();
};

const MAP = { x: 860, y: 420 };
const LIST = { x: 400, y: 500 };

export const pan = async (page: Page): Promise<void> => {
  await page.mouse.move(MAP.x, MAP.y);
  await page.mouse.down();
  for (let step = 0; step < 120; step += 1) {
    const turn = (step / 120) * 4 * Math.PI;
    await page.mouse.move(MAP.x + Math.sin(turn) * 300, MAP.y + (1 - Math.cos(turn)) * 120);
    await frame(page);
  }
  await page.mouse.up();
};

/** Eight doublings closer and out again, as a touchpad gives them. */
export const zoom = async (page: Page): Promise<void> => {
  await page.mouse.move(MAP.x, MAP.y);
  for (let step = 0; step < 160; step += 1) {
    await page.mouse.wheel(0, step < 80 ? -35 : 35);
    await frame(page);
  }
};

/** As fast as a key that is held down. */
export const zoomByKeys = async (page: Page): Promise<void> => {
  await page.getByRole('application', { name: 'Map of the pins' }).focus();
  for (const key of ['+', '-'])
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press(key);
      for (let frames = 0; frames < 6; frames += 1) await frame(page);
    }
};

/** Types, looks at what was found, and clears the field again. */
export const search = async (page: Page): Promise<void> => {
  const field = page.getByRole('searchbox').or(page.getByPlaceholder('Search pins'));
  await field.first().focus();
  for (const letter of 'well 12') {
    await page.keyboard.type(letter);
    for (let frames = 0; frames < 4; frames += 1) await frame(page);
  }
  for (let step = 0; step < 7; step += 1) {
    await page.keyboard.press('Backspace');
    for (let frames = 0; frames < 4; frames += 1) await frame(page);
  }
};

export const scroll = async (page: Page): Promise<void> => {
  await page.mouse.move(LIST.x, LIST.y);
  for (let step = 0; step < 120; step += 1) {
    await page.mouse.wheel(0, step < 60 ? 400 : -400);
    await frame(page);
  }
};

/** Until the page says that all of them are there. */
export const hasPins = (page: Page, count: number): Promise<void> =>
  page
    .getByText(`${count.toLocaleString('en')} pins`, { exact: true })
    .waitFor({ timeout: 600_000 });

/** Seconds until somebody can log in, with an empty cache and the processor slowed four times. */
export const firstPage = async (browser: Browser, url: string): Promise<number> => {
  const person = await openPage(browser);
  await person.slow(4);
  const startedMs = performance.now();
  await person.page.goto(url, { waitUntil: 'commit' });
  await person.page.getByLabel('Email').waitFor();
  const seconds = (performance.now() - startedMs) / 1_000;
  await person.close();
  return seconds;
};

const frame = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
