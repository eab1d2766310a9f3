// A link within the page: a real address, followed without loading the page again.

import type { MouseEvent } from 'react';
import { navigate } from '../router.ts';

export const follow = (
  event: MouseEvent<HTMLAnchorElement>,
  how?: Parameters<typeof navigate>[1],
): void => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(event.currentTarget.pathname + event.currentTarget.search, how);
};
