// All refused changes tried again, one after the other, for as long as somebody looks.

import { useEffect, useRef, useState } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { failureWords } from '../../storage/write-failure.ts';
import { formatNumber, plural } from '../format.ts';
import type { Item } from './items.ts';

export interface RetryAll {
  /** How many of how many, while it runs. */
  readonly progress: string | undefined;
  /** How many were left, and why, in a sentence. */
  readonly failure: string | undefined;
  /** Resolves to those that were tried again. */
  readonly retry: (items: readonly Item[]) => Promise<readonly Item[]>;
}

export const useRetryAll = (): RetryAll => {
  const { sync } = useWorkspace();
  const [progress, tell] = useState<string>();
  const [failure, fail] = useState<string>();
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);
  const retry: RetryAll['retry'] = async (items) => {
    fail(undefined);
    const tried: Item[] = [];
    const reasons: string[] = [];
    // By when it was written: what belongs to another one comes after it.
    for (const item of items.toSorted((one, other) => (one.first.op < other.first.op ? -1 : 1))) {
      if (isLeft.current) break;
      tell(`${formatNumber(tried.length + reasons.length)} of ${formatNumber(items.length)}`);
      await sync.retry(item.first.op).then(
        () => tried.push(item),
        (cause: unknown) => reasons.push(failureWords(cause)),
      );
    }
    tell(undefined);
    if (reasons.length > 0)
      fail(
        `${plural(reasons.length, 'change was', 'changes were')} not tried again. ${reasons[0]}`,
      );
    return tried;
  };
  return { progress, failure, retry };
};
