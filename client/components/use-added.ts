// The record that was added here a moment ago, wherever in the list that is.

import { useEffect, useState } from 'react';

const MOMENT_MS = 8_000;

/** Its id, and how to tell of another one. */
export const useAdded = (): [string | undefined, (id: string | undefined) => void] => {
  const [added, tell] = useState<string>();
  useEffect(() => {
    if (added === undefined) return undefined;
    const timer = setTimeout(tell, MOMENT_MS, undefined);
    return () => clearTimeout(timer);
  }, [added]);
  return [added, tell];
};
