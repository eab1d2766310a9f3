// Whether nobody has written anything into this workspace yet, as far as this device knows.

import { useEffect, useState } from 'react';
import type { Collections } from '../database/open.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import type { ModuleName } from '../modules.ts';

const firstOf: Readonly<Record<ModuleName, (from: Collections) => Promise<unknown>>> = {
  map: ({ pins }) => pins.findOne().exec(),
  care: ({ feedings }) => feedings.findOne().exec(),
};

export const useWorkspaceEmpty = (): boolean => {
  const { account, collections } = useWorkspace();
  const [empty, become] = useState(false);
  useEffect(() => {
    let stale = false;
    const asked = account.modules.map((name) => firstOf[name](collections));
    Promise.all(asked).then(
      (found) => !stale && become(found.every((doc) => doc === null)),
      // What can't be read is not known to be empty; the list says why.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [account, collections]);
  return empty;
};
