// The latest of something that is read on this device, or why it could not be read.

import { useCallback, useMemo, useState } from 'react';
import { catchError, map, of, type Observable } from 'rxjs';
import { useObservable } from '../use-observable.ts';

export type Read<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly reason: string; readonly retry: () => void };

const LOADING: Read<never> = { state: 'loading' };

/** @param source$ the same observable at every call. */
export const useRead = <T>(source$: Observable<T>): Read<T> => {
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const read$ = useMemo(
    () =>
      source$.pipe(
        map((value): Read<T> => ({ state: 'ready', value })),
        catchError((cause: unknown) =>
          of<Read<T>>({ state: 'failed', reason: String(cause), retry }),
        ),
      ),
    // Another attempt subscribes anew.
    // oxlint-disable-next-line react/exhaustive-deps
    [source$, retry, attempt],
  );
  return useObservable<Read<T>>(read$, LOADING);
};
