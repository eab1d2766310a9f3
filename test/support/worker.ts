// The service worker as tests see it: from a page, and through the browser's debugging protocol.

import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { until } from './until.ts';

/** Waits until the worker keeps all files and answers for this page. */
export const untilKept = (page: Page): Promise<unknown> =>
  until(
    () => page.evaluate(() => navigator.serviceWorker.controller !== null),
    'a worker that answers for the page',
  );

/** The paths of everything that is in any cache, by the cache's name. */
export const cached = (page: Page): Promise<Readonly<Record<string, readonly string[]>>> =>
  page.evaluate(async () => {
    const names = await caches.keys();
    return Object.fromEntries(
      await Promise.all(
        names.map(async (name) => {
          const requests = await (await caches.open(name)).keys();
          return [name, requests.map(({ url }) => new URL(url).pathname)] as const;
        }),
      ),
    );
  });

interface Registrations {
  readonly registrations: readonly { readonly registrationId: string; readonly scopeURL: string }[];
}

/** Tells the worker of a profile without a page that there is a network, as the browser would. */
export async function remindWorker(context: BrowserContext, url: string, tag: string) {
  const page = await context.newPage();
  const device: CDPSession = await context.newCDPSession(page);
  const registrationId = new Promise<string>((resolve) => {
    device.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }: Registrations) => {
      const found = registrations.find(({ scopeURL }) => scopeURL === `${url}/`);
      if (found !== undefined) resolve(found.registrationId);
    });
  });
  await device.send('ServiceWorker.enable');
  const registration = { origin: url, registrationId: await registrationId };
  // Browsers end a worker that has had nothing to do for a while.
  await device.send('ServiceWorker.stopAllWorkers');
  await device.send('ServiceWorker.dispatchSyncEvent', { ...registration, tag, lastChance: false });
}

/** The worker, whose requests no route of a test meets, is not asked to send what this page leaves. */
export const sendNothingLater = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const manager: unknown = Reflect.get(globalThis, 'SyncManager');
    if (typeof manager === 'function')
      Reflect.set(manager.prototype as object, 'register', () => Promise.resolve());
  });
