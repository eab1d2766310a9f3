// Whether this device has no space left, as far as the last write of this page or of sync has shown.

import { useObservable } from '../queries/use-observable.ts';
import { useSyncFlag } from '../sync/use-sync-status.ts';
import { hereFull$ } from './write-failure.ts';

export const useDeviceFull = (): boolean => {
  const inSync = useSyncFlag('deviceFull');
  return useObservable(hereFull$, false) || inSync;
};
