// What this device has done, newest first.

import type { Activity } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useRead, type Read } from './use-read.ts';

export const useActivity = (): Read<readonly Activity[]> => useRead(useWorkspace().sync.activity$);
