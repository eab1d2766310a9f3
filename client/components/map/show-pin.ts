// Opening a pin, from the list or the map.

import { navigate, parseRoute, pinAddress } from '../../router.ts';

/** In the place of the open one, so that closing it, or Back, leads to the list. */
export const showPin = (id: string): void => {
  const { open } = parseRoute(location.pathname);
  navigate(pinAddress(id), open === undefined ? 'push' : 'replace');
};
