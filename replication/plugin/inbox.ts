// The inbox as this device has it: what waits for this person, and which refused writes it explains.

import {
  BehaviorSubject,
  combineLatest,
  distinctUntilChanged,
  filter,
  map,
  mergeMap,
  of,
  shareReplay,
  retry,
  switchMap,
  timer,
  type Observable,
} from 'rxjs';
import { INBOX, type Collection, type Conflict, type Role } from '../../schemas/index.ts';
import type { Ledger, RefusedWrite } from '../outbox/ledger.ts';
import type { LocalCollection } from './raw.ts';
import type { Board } from './status.ts';
import type { Timing } from './types.ts';

export interface InboxOptions {
  readonly ledger: Ledger;
  readonly collections: readonly Collection[];
  readonly user?: string;
  readonly role?: Role;
  /** Is told how many things wait for this person. */
  readonly board: Pick<Board, 'update' | 'status'>;
  readonly timing: Pick<Timing, 'firstRetryMs'>;
  readonly failed: (error: unknown) => void;
}

export interface Inbox {
  /** Open entries, decided here or not. */
  readonly open$: Observable<readonly Conflict[]>;
  readonly takeRole: (role: Role) => void;
  stop(): void;
}

/**
 * Counts what waits for a person, and lets the ledger go of a write once an entry explains it.
 * Without the collection, every refused write waits for a person.
 */
export function followInbox(local: LocalCollection | undefined, options: InboxOptions): Inbox {
  const { ledger, board, timing, failed } = options;
  /** What can't be read once may be read later. */
  const lasting = <T>(source$: Observable<T>): Observable<T> =>
    source$.pipe(
      retry({
        delay: (error: unknown) => {
          failed(error);
          return timer(timing.firstRetryMs);
        },
      }),
    );
  const open$ =
    local === undefined
      ? of([])
      : lasting(entriesOf(local, { state: 'open' })).pipe(
          shareReplay({ bufferSize: 1, refCount: true }),
        );
  const needsPerson = ({ verdict }: RefusedWrite): boolean =>
    local === undefined || verdict === 'rejected';
  const role$ = new BehaviorSubject(options.role);
  const counted$ = combineLatest([ledger.refused$, open$, role$]);
  const subscription = lasting(counted$).subscribe(([writes, entries, role]) =>
    board.update({
      refused: countOf(writes.filter(needsPerson)),
      conflicts: entries.filter((entry) => isForMe(entry, options, role)).length,
    }),
  );
  const unexplained$ = ledger.refused$.pipe(
    map((writes) => writes.filter((write) => !needsPerson(write))),
    distinctUntilChanged((before, after) => before.length === 0 && after.length === 0),
  );
  const explained$ = unexplained$.pipe(
    switchMap((writes) =>
      local === undefined || writes.length === 0
        ? of([])
        : entriesOf(local, { documentId: { $in: writes.map(({ id }) => id) } }).pipe(
            map((entries) => writes.filter((write) => isExplained(write, entries, options.user))),
          ),
    ),
  );
  subscription.add(
    explained$
      .pipe(
        filter((writes) => writes.length > 0 && board.status.outdated !== true),
        mergeMap((writes) => ledger.forgetRefused(writes.map(({ op }) => op))),
        lasting,
      )
      .subscribe(),
  );
  return {
    open$,
    takeRole: (role) => role$.next(role),
    stop: () => subscription.unsubscribe(),
  };
}

/** A group that was refused waits for a person once. */
const countOf = (writes: readonly RefusedWrite[]): number =>
  new Set(writes.map(({ op, group }) => group?.id ?? op)).size;

const entriesOf = (local: LocalCollection, selector: object): Observable<readonly Conflict[]> =>
  local
    .find({ selector })
    .$.pipe(map((docs) => docs.map((doc) => doc.toJSON() as unknown as Conflict)));

/** Not decided yet, and about something that this member may write. */
const isForMe = (
  { resolution, collectionName }: Conflict,
  { collections }: InboxOptions,
  role: Role | undefined,
): boolean => {
  const about = collections.find(({ name }) => name === collectionName);
  const mayWrite = role === undefined || about === undefined || about.access.write.includes(role);
  return resolution === undefined && mayWrite;
};

/** A decision that lost is explained by its own entry; another write by the one that holds it. */
const isExplained = (
  { op, collection, id }: RefusedWrite,
  entries: readonly Conflict[],
  user: string | undefined,
): boolean =>
  collection === INBOX ||
  entries.some(
    (entry) =>
      entry.op === op ||
      // A later write of the same person waits in the same entry, and holds this one.
      (entry.collectionName === collection &&
        entry.documentId === id &&
        entry.author === user &&
        entry.reason === 'concurrent' &&
        entry.op > op),
  );
