// The time, again every so often, for words like "3 min ago" and "next try in 8 s".

import { useEffect, useState } from 'react';

/** Milliseconds since 1970, renewed every `everyMs`; 0 does not renew. */
export const useNow = (everyMs: number): number => {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === 0) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};
