// Whether the server speaks for a newer version of this page; then the browser looks for it at once.

import { useEffect } from 'react';
import { checkForNewVersion } from '../update/new-version.ts';
import { useSyncFlag } from './use-sync-status.ts';

export const useServerNewer = (): boolean => {
  const isNewer = useSyncFlag('serverNewer');
  useEffect(() => {
    if (isNewer) checkForNewVersion();
  }, [isNewer]);
  return isNewer;
};
