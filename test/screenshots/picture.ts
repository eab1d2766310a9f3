// A picture of a page that stands still.

import type { Page } from 'playwright-core';

const TRIES = 20;

/** @param fades it never stands still while it can be seen, so one picture must do. */
export async function pictureOf(page: Page, fades: boolean): Promise<Buffer> {
  if (fades) return page.screenshot();
  const take = (): Promise<Buffer> =>
    page.screenshot({ animations: 'disabled', caret: 'hide', fullPage: true });
  let before = await take();
  for (let tried = 0; tried < TRIES; tried += 1) {
    const now = await take();
    if (now.equals(before)) break;
    before = now;
  }
  return before;
}
