// Tries to send and receive at once.

import { useWorkspace } from '../database/use-workspace.ts';

export const useSyncNow = (): (() => void) => {
  const { sync } = useWorkspace();
  return () => sync.syncNow();
};
