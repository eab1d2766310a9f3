// What this device is called, and what it runs.

import { PROTOCOL_VERSION } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { BUILD, VERSION } from '../../version.ts';

export const useDevice = (): {
  readonly version: string;
  readonly build: string | undefined;
  readonly protocol: number;
  readonly id: string;
} => {
  const { sync } = useWorkspace();
  return { version: VERSION, build: BUILD, protocol: PROTOCOL_VERSION, id: sync.device() };
};
