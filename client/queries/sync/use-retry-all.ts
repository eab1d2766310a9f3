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
  /** Resolves to whether any was tried again. */
  readonly retry: (items: readonly Item[]) => Promise<boolean>;
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
    const reasons: string[] = [];
    let done = 0;
    // By when it was written: what belongs to another one comes after it.
    for (const { first } of items.toSorted((one, other) =>
      one.first.op < other.first.op ? -1 : 1,
    )) {
      if (isLeft.current) break;
      tell(`${formatNumber(done)} of ${formatNumber(items.length)}`);
      await sync.retry(first.op).catch((cause: unknown) => reasons.push(failureWords(cause)));
      done += 1;
    }
    tell(undefined);
    if (reasons.length > 0)
      fail(
        `${plural(reasons.length, 'change was', 'changes were')} not tried again. ${reasons[0]}`,
      );
    return reasons.length < done;
  };
  return { progress, failure, retry };
};
