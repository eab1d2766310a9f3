// What is said where a person's own write failed, and whether this page has found the device full.

import { BehaviorSubject, type Observable } from 'rxjs';
import { isDeviceFull, isOutdated } from '../../replication/index.ts';

export interface WriteFailure {
  readonly title: string;
  readonly words: string;
  /** What the browser said, for those who help. */
  readonly detail?: string;
}

const full$ = new BehaviorSubject(false);

/** Whether the last write of a person on this page found no space. */
export const hereFull$: Observable<boolean> = full$.asObservable();

/** A write of a person has succeeded on this page. */
export const wroteHere = (): void => {
  if (full$.value) full$.next(false);
};

const FULL =
  'This device is full, so this was not saved. What you saved before is safe. Free some space, or copy this elsewhere, and try again.';
const OLD = 'This tab has an older version, so this was not saved. Copy it, then reload the page.';

/** The same for a place without a form: one sentence or two. */
export const failureWords = (cause: unknown): string => {
  if (isDeviceFull(cause)) {
    full$.next(true);
    return FULL;
  }
  if (isOutdated(cause)) return OLD;
  return cause instanceof Error ? cause.message : String(cause);
};

export const failureOf = (cause: unknown): WriteFailure => {
  const words = failureWords(cause);
  if (words === FULL) return { title: 'Not saved: this device is full', words };
  if (words === OLD) return { title: 'Not saved: this tab is out of date', words };
  return {
    title: 'This device could not save it',
    words: 'What you wrote is still here. Try again in a moment.',
    detail: words,
  };
};
