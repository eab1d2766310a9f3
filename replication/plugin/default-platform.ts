// The platform as this JavaScript realm has it: browsers, workers, Node 20 and newer. Described by
// the few members used, because neither DOM nor Node types are loaded here.

import type { Abort, Channel, HttpRequest, HttpResponse, Locks, Platform } from './platform.ts';

type Listener = () => void;
interface Target {
  addEventListener(type: string, listener: Listener): void;
  removeEventListener(type: string, listener: Listener): void;
}
interface Broadcast {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
  unref?(): void;
}
interface Realm extends Partial<Target> {
  fetch(url: string, request: HttpRequest): Promise<HttpResponse>;
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
  readonly AbortController: new () => Abort;
  readonly BroadcastChannel?: new (name: string) => Broadcast;
  readonly navigator?: {
    readonly onLine?: boolean;
    readonly locks?: {
      request(name: string, options: object, held: () => Promise<void>): Promise<void>;
    };
  };
  readonly document?: Target & { readonly visibilityState: string };
}

const silent: Channel = { post: () => {}, listen: () => {}, close: () => {} };

export function defaultPlatform(): Platform {
  const realm = globalThis as unknown as Realm;
  const locks = realm.navigator?.locks;
  const lockPort: Locks | undefined =
    locks === undefined
      ? undefined
      : {
          // A signal and `steal` exclude each other (Web Locks, 3.1).
          request: (name, { steal, signal }, held) =>
            locks.request(name, steal || signal === undefined ? { steal } : { signal }, held),
        };
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    randomHex: (digits) => {
      const bytes = realm.crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2)));
      const text = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return text.slice(0, digits);
    },
    after: (delayMs, run) => {
      const timer = realm.setTimeout(run, delayMs);
      return () => realm.clearTimeout(timer);
    },
    fetch: (url, request) => realm.fetch(url, request),
    makeAbort: () => new realm.AbortController(),
    ...(lockPort === undefined ? {} : { locks: lockPort }),
    openChannel: (name) => openChannel(realm, name),
    online: () => realm.navigator?.onLine !== false,
    onWake: (run) => onWake(realm, run),
  };
}

function openChannel(realm: Realm, name: string): Channel {
  if (realm.BroadcastChannel === undefined) return silent;
  const channel = new realm.BroadcastChannel(name);
  // In Node an open channel would keep the process alive.
  channel.unref?.();
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => {
      channel.onmessage = (event) => listener(event.data);
    },
    close: () => channel.close(),
  };
}

function onWake(realm: Realm, run: (why: 'online' | 'offline' | 'visible') => void): () => void {
  const online = (): void => run('online');
  const offline = (): void => run('offline');
  const visible = (): void => {
    if (realm.document?.visibilityState === 'visible') run('visible');
  };
  realm.addEventListener?.('online', online);
  realm.addEventListener?.('offline', offline);
  realm.document?.addEventListener('visibilitychange', visible);
  return () => {
    realm.removeEventListener?.('online', online);
    realm.removeEventListener?.('offline', offline);
    realm.document?.removeEventListener('visibilitychange', visible);
  };
}
