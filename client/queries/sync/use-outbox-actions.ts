// What a person can do with an item: send it again, or let it go after a copy was saved.

import { useState } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { failureWords } from '../../storage/write-failure.ts';
import { downloadText } from '../download.ts';
import { copyName, jsonCopy } from './copies.ts';
import type { Item } from './items.ts';

export interface OutboxActions {
  readonly busy: boolean;
  /** Why the last one did not work, in a sentence. */
  readonly failure: string | undefined;
  /** Each resolves to whether it worked. */
  readonly retry: () => Promise<boolean>;
  readonly saveAndDiscard: () => Promise<boolean>;
}

/** @param dependents what is let go of with it. */
export const useOutboxActions = (
  { label, first }: Pick<Item, 'label' | 'first'>,
  dependents: readonly Item[] = [],
): OutboxActions => {
  const { sync } = useWorkspace();
  const [state, become] = useState<{ readonly busy: boolean; readonly failure?: string }>({
    busy: false,
  });
  const run = async (does: () => Promise<void>): Promise<boolean> => {
    become({ busy: true });
    try {
      await does();
      become({ busy: false });
      return true;
    } catch (cause) {
      become({ busy: false, failure: failureWords(cause) });
      return false;
    }
  };
  return {
    busy: state.busy,
    failure: state.failure,
    retry: () => run(() => sync.retry(first.op)),
    saveAndDiscard: () =>
      run(async () => {
        const nowMs = Date.now();
        const ops = [first.op, ...dependents.map((one) => one.first.op)];
        const contents = await Promise.all(ops.map((op) => sync.contents(op)));
        const copy = jsonCopy(label, contents.flat(), nowMs);
        downloadText(copyName(label, nowMs), 'application/json', copy);
        await sync.discard(ops);
      }),
  };
};
