// The page by keyboard alone.

import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

const MOST_PRESSES = 80;

const isFocused = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);

/**
 * Presses a key until something has the focus, and shows it.
 *
 * @throws {Error} where the key does not lead there, or the focus can't be seen.
 */
export async function goTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor({ state: 'attached' });
  for (let presses = 0; !(await isFocused(target)); presses += 1) {
    if (presses === MOST_PRESSES) throw new Error(`${key} does not lead to ${String(target)}.`);
    await page.keyboard.press(key);
  }
  // A sheet that opens may still be moving the focus.
  const isSeen = () => target.evaluate((element) => element.matches(':focus-visible'));
  await until(isSeen, `the focus on ${String(target)} to be seen`);
}

/** Goes there, then presses Enter, or what it takes. */
export async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await goTo(page, target);
  await page.keyboard.press(key);
}

/** Opens a record whose sheet keeps the focus, and waits until it has taken it, a moment later. */
export async function open(page: Page, row: Locator): Promise<void> {
  await press(page, row);
  await page.getByRole('dialog').locator(':focus').waitFor();
}

/** Goes to a box and types into it in place of what it has. */
export async function type(page: Page, target: Locator, text: string): Promise<void> {
  await goTo(page, target);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}
