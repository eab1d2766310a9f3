import { BehaviorSubject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SyncStatus } from '../../replication/index.ts';
import { calm } from '../../client/sync/calm.ts';

const status = (state: SyncStatus['state'], pending = 0): SyncStatus => ({
  state,
  pending,
  pendingKeys: [],
  refused: 0,
  conflicts: 0,
  failed: 0,
  pushing: 'idle',
  leader: true,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const watch = () => {
  const status$ = new BehaviorSubject(status('synced'));
  const shown: string[] = [];
  const subscription = calm(status$).subscribe(({ state, pending }) =>
    shown.push(`${state} ${pending}`),
  );
  const say = (...given: Parameters<typeof status>): void => status$.next(status(...given));
  return { say, shown, subscription };
};

describe('what the indicator shows', () => {
  it('stays where another state is over within a moment', () => {
    const { say, shown } = watch();
    say('sending', 1);
    vi.advanceTimersByTime(399);
    say('synced');
    vi.advanceTimersByTime(10_000);
    expect(shown).toEqual(['synced 0', 'synced 0']);
  });

  it('follows numbers within a state at once', () => {
    const { say, shown } = watch();
    say('synced', 1);
    expect(shown).toEqual(['synced 0', 'synced 1']);
  });

  it('moves a moment after the shown state was left, to what is so by then', () => {
    const { say, shown } = watch();
    say('sending', 1);
    vi.advanceTimersByTime(300);
    say('offline', 2);
    vi.advanceTimersByTime(99);
    expect(shown).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(shown).toEqual(['synced 0', 'offline 2']);
  });

  it('moves on from a state that it has just moved to', () => {
    const { say, shown } = watch();
    say('sending', 1);
    vi.advanceTimersByTime(400);
    say('offline', 1);
    say('offline', 3);
    vi.advanceTimersByTime(400);
    expect(shown).toEqual(['synced 0', 'sending 1', 'offline 3']);
  });

  it('ends with its reader', () => {
    const { say, shown, subscription } = watch();
    say('offline');
    subscription.unsubscribe();
    vi.advanceTimersByTime(400);
    expect(shown).toEqual(['synced 0']);
  });
});
