// Chromium with profiles of their own, each a person at the dashboard of a real server process.

import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
} from 'playwright-core';
import { findChromium } from './chromium.mjs';
import { PASSWORD } from './live-server.ts';
import { until } from './until.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(...flags: readonly string[]): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found (CHROMIUM_PATH).');
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...flags] });
}

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

const HEADINGS = { map: 'Field map', care: 'Care log' } as const;

export interface Seat {
  readonly size?: { readonly width: number; readonly height: number };
  readonly module?: keyof typeof HEADINGS;
  readonly scheme?: 'light' | 'dark';
  readonly touch?: boolean;
}

export interface Profile {
  readonly context: BrowserContext;
  /** The tab that logged in. */
  readonly page: Page;
  readonly openTab: () => Promise<Page>;
}

export const newContext = (browser: Browser, seat: Seat = {}): Promise<BrowserContext> =>
  browser.newContext({
    viewport: seat.size ?? DESK,
    colorScheme: seat.scheme ?? 'light',
    hasTouch: seat.touch ?? false,
  });

export async function logIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').first().fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** A new profile in which somebody has logged in and sees one of the modules. */
export async function openProfile(
  browser: Browser,
  url: string,
  email: string,
  seat: Seat = {},
): Promise<Profile> {
  const { module = 'map' } = seat;
  const seen = (tab: Page) => tab.getByRole('heading', { name: HEADINGS[module] }).waitFor();
  const context = await newContext(browser, seat);
  const page = await context.newPage();
  await page.goto(`${url}/${module}`);
  await logIn(page, email);
  await seen(page);
  return {
    context,
    page,
    openTab: async () => {
      const tab = await context.newPage();
      await tab.goto(`${url}/${module}`);
      await seen(tab);
      return tab;
    },
  };
}

export async function addPin(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: /^Add (the first )?pin$/ }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Title').fill(title);
  await sheet.getByLabel('Latitude').fill('51.5');
  await sheet.getByLabel('Longitude').fill('7.4');
  await sheet.getByRole('button', { name: 'Add pin' }).click();
  await sheet.waitFor({ state: 'hidden' });
}

export const mapOf = (page: Page): Locator =>
  page.getByRole('application', { name: 'Map of the pins' });

/** A point of the map, in parts of its width and height, where the page has it. */
export async function onMap(
  page: Page,
  across: number,
  down: number,
): Promise<{ readonly x: number; readonly y: number }> {
  const box = await mapOf(page).boundingBox();
  if (!box) throw new Error('There is no map on the page.');
  return { x: box.x + box.width * across, y: box.y + box.height * down };
}

export const pinRow = (page: Page, title: string) => page.locator('.pin-row', { hasText: title });

export async function editPin(
  page: Page,
  title: string,
  change: { readonly title?: string; readonly notes?: string; readonly status?: string },
): Promise<void> {
  await pinRow(page, title).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Title').waitFor();
  if (change.title !== undefined) await sheet.getByLabel('Title').fill(change.title);
  if (change.notes !== undefined) await sheet.getByLabel('Notes').fill(change.notes);
  if (change.status !== undefined) await sheet.getByLabel('Status').selectOption(change.status);
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'hidden' });
}

export async function deletePin(page: Page, title: string): Promise<void> {
  await pinRow(page, title).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
}

export const feedingRow = (page: Page, text: string | RegExp): Locator =>
  page.locator('.feeding-row', { hasText: text });

export interface FeedingEdit {
  readonly amountMl?: number;
  readonly time?: string;
  readonly notes?: string;
}

async function fillFeeding(page: Page, edit: FeedingEdit, submit: string): Promise<void> {
  const sheet = page.getByRole('dialog');
  if (edit.amountMl !== undefined)
    await sheet.getByLabel('Amount in ml').fill(String(edit.amountMl));
  if (edit.time !== undefined) await sheet.getByLabel('When').fill(edit.time);
  if (edit.notes !== undefined) await sheet.getByLabel('Notes').fill(edit.notes);
  await sheet.getByRole('button', { name: submit }).click();
  await sheet.waitFor({ state: 'hidden' });
}

export async function addFeeding(page: Page, edit: FeedingEdit = {}): Promise<void> {
  await page.getByRole('button', { name: /^Add (the first )?feeding$/ }).click();
  await fillFeeding(page, edit, 'Add feeding');
}

export async function editFeeding(page: Page, text: string, edit: FeedingEdit): Promise<void> {
  await feedingRow(page, text).click();
  await fillFeeding(page, edit, 'Save');
}

/** Waits until the sync indicator says something. */
export const indicatorSays = (page: Page, words: RegExp): Promise<unknown> =>
  page.getByRole('button', { name: words }).first().waitFor();

/** The count that stands under the heading. */
export const showsCount = (page: Page, words: string): Promise<unknown> =>
  until(
    async () => (await page.getByText(words, { exact: true }).count()) > 0,
    `"${words}" on the page`,
  );

const PUSH = '**/api/sync/push';

/** What a page writes of a collection is refused: on its way it gets a field that no schema has. */
export const refuseWrites = (page: Page, collection: string): Promise<unknown> =>
  page.route(PUSH, (route) => {
    const { rows, ...rest } = JSON.parse(route.request().postData() ?? '') as {
      rows: readonly { readonly collection: string; readonly doc: object }[];
    };
    const changed = rows.map((row) =>
      row.collection === collection ? { ...row, doc: { ...row.doc, colour: 'red' } } : row,
    );
    return route.continue({ postData: JSON.stringify({ ...rest, rows: changed }) });
  });

export const acceptWrites = (page: Page): Promise<void> => page.unroute(PUSH);
