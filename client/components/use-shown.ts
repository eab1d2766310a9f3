// What is shown, or was: words and sheets keep their content while they slide away.

import { useState } from 'react';

export const useShown = (now: string | undefined): string | undefined => {
  const [last, setLast] = useState(now);
  if (now !== undefined && now !== last) setLast(now);
  return now ?? last;
};
