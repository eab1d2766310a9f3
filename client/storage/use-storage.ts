// How much of this device's space is used, and whether the browser may remove it.

import { useEffect, useState } from 'react';
import { useObservable } from '../queries/use-observable.ts';
import { askToKeep, lookWhetherKept, persisted$ } from './persistence.ts';

export interface StorageFacts {
  /** Undefined where the browser does not tell. */
  readonly usageBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** Whether the browser promises to keep the data; undefined until it has answered. */
  readonly persisted: boolean | undefined;
  /** Whether it may remove the data without asking. */
  readonly mayBeEvicted: boolean;
  /** Safari removes the data of sites that nobody has opened for seven days. */
  readonly forgetsAfterDays: number | undefined;
  /** Resolves to whether it promises. */
  readonly ask: () => Promise<boolean>;
}

const LOOK_MS = 10_000;
const SAFARI_DAYS = 7;

/** Every browser of iOS is one; sites on the home screen are let alone. */
const isSafari = (): boolean => {
  const { userAgent } = navigator;
  const isApple = /iPhone|iPad|iPod|Macintosh/.test(userAgent);
  const isOther = /Chrome|Chromium|Edg\/|Firefox/.test(userAgent);
  return isApple && !isOther && !window.matchMedia('(display-mode: standalone)').matches;
};

export const useStorage = (): StorageFacts => {
  const persisted = useObservable(persisted$, undefined);
  const [estimate, setEstimate] = useState<StorageEstimate>({});
  useEffect(() => {
    void lookWhetherKept();
    const look = (): void => {
      navigator.storage.estimate().then(setEstimate, () => setEstimate({}));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const forgets = persisted !== true && isSafari();
  return {
    usageBytes: estimate.usage,
    quotaBytes: estimate.quota,
    persisted,
    mayBeEvicted: persisted === false,
    forgetsAfterDays: forgets ? SAFARI_DAYS : undefined,
    ask: askToKeep,
  };
};
