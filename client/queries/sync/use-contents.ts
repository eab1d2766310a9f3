// The documents of one item, as this device has them.

import { useEffect, useState } from 'react';
import type { OutboxContent } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';

/** Undefined while they are read; none where they are gone. */
export const useContents = (op: string): readonly OutboxContent[] | undefined => {
  const { sync } = useWorkspace();
  const [contents, become] = useState<readonly OutboxContent[]>();
  useEffect(() => {
    let stale = false;
    sync.contents(op).then(
      (found) => !stale && become(found),
      // What can't be read has no copy; what is done with it says why.
      () => !stale && become([]),
    );
    return () => {
      stale = true;
    };
  }, [sync, op]);
  return contents;
};
