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
  /** Resolves to whether it worked. */
  readonly retry: () => Promise<boolean>;
  /** Resolves to the name of the saved file, or to nothing where it did not work. */
  readonly saveAndDiscard: () => Promise<string | undefined>;
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
  const run = async <T>(does: () => Promise<T>): Promise<T | undefined> => {
    become({ busy: true });
    try {
      const done = await does();
      become({ busy: false });
      return done;
    } catch (cause) {
      become({ busy: false, failure: failureWords(cause) });
      return undefined;
    }
  };
  return {
    busy: state.busy,
    failure: state.failure,
    retry: async () => (await run(() => sync.retry(first.op).then(() => true))) === true,
    saveAndDiscard: () =>
      run(async () => {
        const nowMs = Date.now();
        const ops = [first.op, ...dependents.map((one) => one.first.op)];
        const contents = await Promise.all(ops.map((op) => sync.contents(op)));
        const copy = jsonCopy(label, contents.flat(), nowMs);
        const file = copyName(label, nowMs);
        downloadText(file, 'application/json', copy);
        await sync.discard(ops);
        return file;
      }),
  };
};
