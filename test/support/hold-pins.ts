// Another tab of the same origin, not the dashboard, that keeps the pins whoever wants to remove them.

import type { Page } from 'playwright-core';

/** Closing it lets go of them. */
export const holdPins = async (page: Page): Promise<Page> => {
  const holder = await page.context().newPage();
  await holder.goto(new URL('/icon.svg', page.url()).href);
  await holder.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    const request = indexedDB.open(names.find((name) => name.endsWith('--pins')) ?? '');
    await new Promise((resolve) => request.addEventListener('success', resolve));
    Object.assign(window, { held: request.result });
  });
  await page.bringToFront();
  return holder;
};
