// Every scene.

import type { Scene } from '../scene.ts';
import { care } from './care.ts';
import { doors } from './doors.ts';
import { inbox } from './inbox.ts';
import { map } from './map.ts';
import { storage } from './storage.ts';
import { syncStates } from './sync.ts';

export const scenes: readonly Scene[] = [
  ...doors,
  ...map,
  ...care,
  ...inbox,
  ...syncStates,
  ...storage,
];
