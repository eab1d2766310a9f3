// The service worker: opens the dashboard without a network, and sends unsent work after the last
// tab was closed. Answers with data never pass through it.

import { UNSENT, type ToWorker } from '../update/names.ts';
import type { SendUnsent } from './sender.ts';
import { pathFor, ShellCache, type Shell } from './shell.ts';

/** Of Background Sync, which not every browser has. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}
/** Of browsers that can be told what never needs a worker. */
interface Routing {
  addRoutes?(rule: {
    readonly condition: { readonly urlPattern: { readonly pathname: string } };
    readonly source: 'network';
  }): Promise<void>;
}
interface Worker extends ServiceWorkerGlobalScope {
  /** Written above this script by the build. */
  readonly SHELL: Shell;
  /** There once the sender has been loaded. */
  readonly sendUnsent?: SendUnsent;
  addEventListener(type: 'sync', listener: (event: SyncEvent) => void): void;
  addEventListener<K extends keyof ServiceWorkerGlobalScopeEventMap>(
    type: K,
    listener: (event: ServiceWorkerGlobalScopeEventMap[K]) => void,
  ): void;
}
declare const self: Worker;

const shell = new ShellCache(self.SHELL);
let letGo = new AbortController();

/** Scripts that were loaded once while installing can be loaded later, also without a network. */
const loadSender = (): SendUnsent => {
  if (self.sendUnsent === undefined) importScripts(self.SHELL.sender);
  if (self.sendUnsent === undefined) throw new Error('The script that sends did not load.');
  return self.sendUnsent;
};

self.addEventListener('install', (event) => {
  const routing: ExtendableEvent & Routing = event;
  const install = async (): Promise<void> => {
    // Scripts can be loaded for the first time only now, before anything is waited for.
    loadSender();
    for (const pathname of ['/api/*', '/rxdb/*'])
      await routing.addRoutes?.({ condition: { urlPattern: { pathname } }, source: 'network' });
    await shell.keep();
  };
  event.waitUntil(install());
});

// The first worker of all takes the page that brought it; later ones wait until they are asked.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const path = pathFor(self.SHELL, event.request, self.location.origin);
  if (path !== undefined) event.respondWith(shell.answer(event.request, path));
});

self.addEventListener('message', (event) => {
  const message = event.data as ToWorker;
  switch (message) {
    case 'take over':
      event.waitUntil(self.skipWaiting());
      return;
    case 'tidy': {
      const { registration } = self;
      const isChanging = () => registration.waiting !== null || registration.installing !== null;
      event.waitUntil(shell.tidy(isChanging));
      return;
    }
    default:
      letGo.abort(message.letGo);
      letGo = new AbortController();
  }
});

self.addEventListener('sync', (event) => {
  if (event.tag === UNSENT) event.waitUntil(loadSender()(letGo.signal));
});
