// When nothing is left to be sent: for who opens a database only for that.

import { filter, firstValueFrom, type Observable } from 'rxjs';
import type { RxReplicationState } from 'rxdb/plugins/replication';

/** RxDB has gone through all that had changed since it last pushed, and has an answer for each. */
export async function allSent<Doc, At>(state: RxReplicationState<Doc, At>): Promise<void> {
  await state.startPromise;
  const done$ = state.internalReplicationState?.firstSyncDone.up;
  if (done$ !== undefined) await firstValueFrom(done$.pipe(filter(Boolean)));
}

/** Resolves once this tab leads, or when that can't be any more. */
export async function untilLeading(
  status$: Observable<{ readonly leader: boolean }>,
): Promise<void> {
  await firstValueFrom(status$.pipe(filter(({ leader }) => leader)), { defaultValue: undefined });
}
