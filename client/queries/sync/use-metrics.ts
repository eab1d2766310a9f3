// What this device has measured.

import type { Metrics } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useRead, type Read } from './use-read.ts';

export const useMetrics = (): Read<Metrics> => useRead(useWorkspace().sync.metrics$);
