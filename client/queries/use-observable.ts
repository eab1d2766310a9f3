// The latest value of an observable that emits at once, as React state.

import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Observable } from 'rxjs';

export const useObservable = <T>(source: Observable<T>, before: T): T => {
  const latest = useRef(before);
  const subscribe = useCallback(
    (listener: () => void) => {
      const subscription = source.subscribe((value) => {
        latest.current = value;
        listener();
      });
      return () => subscription.unsubscribe();
    },
    [source],
  );
  return useSyncExternalStore(subscribe, () => latest.current);
};
