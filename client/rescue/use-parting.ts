// What logging out would take with it for good, counted from what is on this device: how things stand
// is known only to the tab that leads, and not to that one before it has counted.

import { useEffect, useRef, useState } from 'react';
import { carryOutNow } from '../database/held-deletes.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { useSyncStatus } from '../sync/use-sync-status.ts';
import { lookForUnsent } from './look.ts';
import type { Parting } from './unsent.ts';

/**
 * Undefined until it has been counted. Counted again whenever the status says otherwise: what is just
 * arriving may look unsent for a moment.
 */
export const useParting = (): Parting | undefined => {
  const workspace = useWorkspace();
  const { pending, refused, state } = useSyncStatus();
  const [parting, tell] = useState<Parting>();
  const last = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    let isStale = false;
    // One at a time: it reads all that is stored.
    last.current = last.current.then(async () => {
      if (isStale) return;
      await carryOutNow(workspace);
      tell(await lookForUnsent(workspace.name));
    });
    return () => {
      isStale = true;
    };
  }, [workspace, pending, refused, state]);
  return parting;
};
