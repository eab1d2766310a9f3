// The inbox as this device has it: what waits for this person, and which refused writes it explains.

import {
  combineLatest,
  distinctUntilChanged,
  map,
  of,
  shareReplay,
  switchMap,
  type Observable,
} from 'rxjs';
import { INBOX, type Collection, type Conflict, type Role } from '../../schemas/index.ts';
import type { Ledger, RefusedWrite } from '../outbox/ledger.ts';
import type { LocalCollection } from './rx.ts';

export interface InboxOptions {
  readonly ledger: Ledger;
  readonly collections: readonly Collection[];
  readonly user: string | undefined;
  readonly role: Role | undefined;
}

export interface Inbox {
  /** Open entries, decided here or not. */
  readonly open$: Observable<readonly Conflict[]>;
  /** How many things wait for this person. */
  readonly waiting$: Observable<{ readonly refused: number; readonly conflicts: number }>;
  /** Refused writes that an entry explains by now. */
  readonly explained$: Observable<readonly RefusedWrite[]>;
}

/** Without the collection, every refused write waits for a person. */
export function watchInbox(local: LocalCollection | undefined, options: InboxOptions): Inbox {
  const { refused$ } = options.ledger;
  if (local === undefined)
    return {
      open$: of([]),
      waiting$: refused$.pipe(map(({ length }) => ({ refused: length, conflicts: 0 }))),
      explained$: of([]),
    };
  const open$ = entriesOf(local, { state: 'open' }).pipe(
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  const waiting$ = combineLatest([refused$, open$]).pipe(
    map(([writes, entries]) => ({
      refused: writes.filter(({ verdict }) => verdict === 'rejected').length,
      conflicts: entries.filter((entry) => isForMe(entry, options)).length,
    })),
  );
  const explained$ = refused$.pipe(
    map((writes) => writes.filter(({ verdict }) => verdict !== 'rejected')),
    distinctUntilChanged((before, after) => before.length === 0 && after.length === 0),
    switchMap((writes) =>
      writes.length === 0
        ? of([])
        : entriesOf(local, { documentId: { $in: writes.map(({ id }) => id) } }).pipe(
            map((entries) => writes.filter((write) => isExplained(write, entries, options.user))),
          ),
    ),
  );
  return { open$, waiting$, explained$ };
}

const entriesOf = (local: LocalCollection, selector: object): Observable<readonly Conflict[]> =>
  local
    .find({ selector })
    .$.pipe(map((docs) => docs.map((doc) => doc.toJSON() as unknown as Conflict)));

/** Not decided yet, and about something that this member may write. */
const isForMe = (
  { resolution, collectionName }: Conflict,
  { collections, role }: InboxOptions,
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
