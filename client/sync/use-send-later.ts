// Asks the browser to remind the service worker of unsent work, for when no page is open any more.

import { useEffect } from 'react';
import type { Observable } from 'rxjs';
import type { SyncState, SyncStatus } from '../../replication/index.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { UNSENT } from '../update/names.ts';

/** Of Background Sync, which not every browser has. */
interface Reminding extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}

const remind = async (): Promise<void> => {
  const found: Reminding | undefined = await navigator.serviceWorker.getRegistration();
  await found?.sync?.register(UNSENT);
};
// Where the browser has it switched off, the next page sends.
const remindIfAllowed = (): void => void remind().catch(() => undefined);

const STUCK: ReadonlySet<SyncState> = new Set(['offline', 'unreachable', 'waiting']);

/** Returns what ends it. */
const sendLater = (status$: Observable<SyncStatus>): (() => void) => {
  let isUnsent = false;
  let isStuck = false;
  const subscription = status$.subscribe(({ pending, state }) => {
    const wasStuck = isStuck;
    isUnsent = pending > 0;
    isStuck = isUnsent && STUCK.has(state);
    // A page that is ended by the system is not told.
    if (isStuck && !wasStuck) remindIfAllowed();
  });
  const leaving = (): void => {
    if (isUnsent) remindIfAllowed();
  };
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') leaving();
  };
  document.addEventListener('visibilitychange', hidden);
  window.addEventListener('pagehide', leaving);
  return () => {
    subscription.unsubscribe();
    document.removeEventListener('visibilitychange', hidden);
    window.removeEventListener('pagehide', leaving);
  };
};

export const useSendLater = (): void => {
  const { status$ } = useWorkspace().sync;
  useEffect(() => ('serviceWorker' in navigator ? sendLater(status$) : undefined), [status$]);
};
