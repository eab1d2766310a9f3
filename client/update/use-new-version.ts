// Whether a newer version of the page is there, for components.

import { useSyncExternalStore } from 'react';
import { newVersion, subscribeNewVersion, type NewVersion } from './new-version.ts';

export const useNewVersion = (): NewVersion =>
  useSyncExternalStore(subscribeNewVersion, newVersion);
