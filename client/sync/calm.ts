// Moves to another state only when that has lasted for a moment, so that nothing flickers.

import { Observable } from 'rxjs';
import type { SyncStatus } from '../../replication/index.ts';

const CALM_MS = 400;

/**
 * Numbers within the shown state come through at once. Another state comes 400 ms after the shown one
 * was left, as it is by then.
 */
export const calm = (status$: Observable<SyncStatus>): Observable<SyncStatus> =>
  new Observable((reader) => {
    let shown: SyncStatus['state'] | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let show = (): void => undefined;
    const subscription = status$.subscribe((status) => {
      show = () => {
        clearTimeout(timer);
        timer = undefined;
        shown = status.state;
        reader.next(status);
      };
      if (shown === undefined || shown === status.state) show();
      else timer ??= setTimeout(() => show(), CALM_MS);
    });
    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  });
