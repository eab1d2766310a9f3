// Messages of the page to the service worker.

import type { ToWorker } from './names.ts';

export const tell = (worker: ServiceWorker | null | undefined, message: ToWorker): void =>
  worker?.postMessage(message);

/**
 * If the worker is sending from a database just now, it stops and closes it. Never rejects.
 *
 * @param database the workspace's (client/database/name.ts).
 */
export const letGo = async (database: string): Promise<void> => {
  // Missing where the browser trusts the page too little.
  if (!('serviceWorker' in navigator)) return;
  // Not the page's controller: a page that was loaded past the worker has none.
  const found = await navigator.serviceWorker.getRegistration().catch(() => undefined);
  tell(found?.active, { letGo: database });
};
