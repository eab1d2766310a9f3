// What this device has written, folded into items.

import { useMemo } from 'react';
import { map } from 'rxjs';
import { useWorkspace } from '../../database/use-workspace.ts';
import { itemsOf, type Items } from './items.ts';
import { useRead, type Read } from './use-read.ts';

export const useOutbox = (): Read<Items> => {
  const { outbox$ } = useWorkspace().sync;
  return useRead(useMemo(() => outbox$.pipe(map(itemsOf)), [outbox$]));
};
