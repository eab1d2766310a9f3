// Asking the browser to keep this site's data when it needs space. Some browsers ask the person, so
// it is done once, when there is something to keep: after the first own write.

import { BehaviorSubject, type Observable } from 'rxjs';

const ASKED = 'holdfast.asked-to-keep';

/** Whether the browser has promised it; undefined while that is not known. */
const kept$ = new BehaviorSubject<boolean | undefined>(undefined);
export const persisted$: Observable<boolean | undefined> = kept$.asObservable();

/** Resolves to whether the browser promises it. */
export const askToKeep = async (): Promise<boolean> => {
  localStorage.setItem(ASKED, '1');
  try {
    const kept = await navigator.storage.persist();
    kept$.next(kept);
    return kept;
  } catch {
    // Browsers refuse it in some windows; what is known is that nothing was promised.
    kept$.next(false);
    return false;
  }
};

/** After a person's write; asks at the first one only. */
export const wroteFirst = (): void => {
  if (localStorage.getItem(ASKED) === null) void askToKeep();
};

/** What the browser has promised before. */
export const lookWhetherKept = async (): Promise<void> => {
  kept$.next(await navigator.storage.persisted().catch(() => false));
};
