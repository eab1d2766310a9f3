// Chromium with profiles of their own, each a person at the dashboard of a real server process.

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
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

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found (CHROMIUM_PATH).');
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

export interface Profile {
  readonly context: BrowserContext;
  /** The tab that logged in. */
  readonly page: Page;
  readonly openTab: () => Promise<Page>;
}

const HEADINGS = { map: 'Field map', care: 'Care log' } as const;

/** A new profile in which somebody has logged in and sees one of the modules. */
export async function openProfile(
  browser: Browser,
  url: string,
  email: string,
  size = { width: 1280, height: 800 },
  module: keyof typeof HEADINGS = 'map',
): Promise<Profile> {
  const seen = (tab: Page) => tab.getByRole('heading', { name: HEADINGS[module] }).waitFor();
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  await page.goto(`${url}/${module}`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').first().fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
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

/** Waits until the sync indicator says something. */
export const indicatorSays = (page: Page, words: RegExp): Promise<unknown> =>
  page.getByRole('button', { name: words }).first().waitFor();

/** The count that stands under the heading. */
export const showsCount = (page: Page, words: string): Promise<unknown> =>
  until(
    async () => (await page.getByText(words, { exact: true }).count()) > 0,
    `"${words}" on the page`,
  );
