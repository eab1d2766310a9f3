// Opening a pin, from the list or the map.

import { navigate, parseRoute, pinAddress } from '../../router.ts';

/** In the place of the open one, so that closing it, or Back, leads to the list. */
export const placeOfPin = (): 'push' | 'replace' =>
  parseRoute(location.pathname).open === undefined ? 'push' : 'replace';

export const showPin = (id: string): void => navigate(pinAddress(id), placeOfPin());
