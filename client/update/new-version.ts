// The page's side of the service worker: brings it once the page is idle, and says when a newer
// version of the page is there. Nobody is moved to it while there is unsaved input.
//
// | now   | event                                       | then                                 |
// | ----- | ------------------------------------------- | ------------------------------------ |
// | none  | a newer worker is installed                 | waits                                |
// | waits | the person takes it, here                   | it takes over, this page loads again |
// | any   | it has taken over, nothing is unsaved here  | this page loads again                |
// | any   | it has taken over, something is unsaved here| older                                |
// | older | the person takes it                         | this page loads again                |

import { BUILD } from '../version.ts';
import { hasUnsavedInput, keepInput } from './unsaved-input.ts';
import { lockOf } from './names.ts';
import { tell } from './to-worker.ts';

/** `waits`: a newer version is there. `older`: other tabs have it already. */
export type NewVersion = 'none' | 'waits' | 'older';

const WORKER = '/worker.js';
const BETWEEN_CHECKS_MS = 10 * 60_000;
/** After the first look at the data; its files are as many as the page's. */
const QUIET_MS = 4_000;

let state: NewVersion = 'none';
const listeners = new Set<() => void>();
let registration: ServiceWorkerRegistration | undefined;
let isTaking = false;
/** Some browsers have none in private windows. */
let hasWorker = 'serviceWorker' in navigator;
let checkedMs = Number.NEGATIVE_INFINITY;

const become = (next: NewVersion): void => {
  state = next;
  for (const listener of listeners) listener();
};
export const newVersion = (): NewVersion => state;
export const subscribeNewVersion = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const reload = (): void => {
  keepInput();
  location.reload();
};

/** Looks for a newer version now, for example because the server has said that this one is too old. */
export const checkForNewVersion = (): void => {
  // Then the server's own page is the newest, and only has to be loaded.
  if (!hasWorker) return become('older');
  checkedMs = performance.now();
  // Without a network, or while another check is under way: the next one finds it.
  registration?.update().catch(() => undefined);
};

/** What the person has asked for. */
export const takeNewVersion = (): void => {
  const waiting = registration?.waiting;
  if (!waiting) return reload();
  isTaking = true;
  tell(waiting, 'take over');
};

const follow = (worker: ServiceWorker): void => {
  const look = (): void => {
    // Without one before it, it is the first and nothing has changed.
    if (worker.state === 'installed' && navigator.serviceWorker.controller) become('waits');
  };
  worker.addEventListener('statechange', look);
  look();
};

const takenOver = (): void => {
  if (isTaking || !hasUnsavedInput()) reload();
  else become('older');
};

/** Any time after it is called, the browser may say that there is a newer worker. */
const watch = (found: ServiceWorkerRegistration): void => {
  registration = found;
  if (found.waiting) follow(found.waiting);
  if (found.installing) follow(found.installing);
  found.addEventListener('updatefound', () => found.installing && follow(found.installing));
  tell(found.active, 'tidy');
  checkForNewVersion();
  document.addEventListener('visibilitychange', () => {
    const isDue = performance.now() - checkedMs > BETWEEN_CHECKS_MS;
    if (document.visibilityState === 'visible' && isDue) checkForNewVersion();
  });
};

const whenIdle = (run: () => void): void => {
  setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: QUIET_MS });
    else run();
  }, QUIET_MS);
};

/**
 * Called once, at the start of the page.
 *
 * @param whenUsed Calls back when somebody has come in: before, there is nothing to open offline.
 */
export const followVersions = (whenUsed: (run: () => void) => void): void => {
  if (BUILD === undefined || !hasWorker) return;
  const { serviceWorker } = navigator;
  // While it is held, the worker keeps the files of this version.
  navigator.locks
    .request(lockOf(BUILD), { mode: 'shared' }, () => new Promise<never>(() => {}))
    .catch(() => undefined);
  let isControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (isControlled) takenOver();
    isControlled = true;
  });
  whenUsed(() =>
    whenIdle(() => {
      // A browser that refuses it shows the page all the same, with a network.
      serviceWorker.register(WORKER).then(watch, () => {
        hasWorker = false;
      });
    }),
  );
};
