// Messages of the page to the service worker.

import type { ToWorker } from './names.ts';

export const tell = (worker: ServiceWorker | null | undefined, message: ToWorker): void =>
  worker?.postMessage(message);

/** If the worker is sending just now, it stops and closes the databases. */
export const letGo = (): void => {
  // Missing where the browser trusts the page too little.
  if ('serviceWorker' in navigator) tell(navigator.serviceWorker.controller, 'let go');
};
