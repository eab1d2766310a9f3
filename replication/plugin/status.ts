// What the one sync indicator shows, derived from facts. The first line that fits is the state:
//
// | state       | while                                                                  |
// | ----------- | ---------------------------------------------------------------------- |
// | loggedOut   | the server answers 401; nothing is tried until `syncNow`               |
// | offline     | the device says that it has no network                                 |
// | unreachable | the last request of some kind got no usable answer and waits           |
// | waiting     | the last request of some kind was put off by the server and waits;     |
// |             | also where app and server are of different versions (`outdated`)       |
// | attention   | refused writes or versions in the inbox wait for a person              |
// | sending     | documents have changes that the server has not judged                  |
// | receiving   | documents are arriving, or everything is to be received again          |
// | starting    | the first pull has not ended                                           |
// | synced      | none of these                                                          |
//
// | event                                     | fact that changes                       |
// | ----------------------------------------- | --------------------------------------- |
// | request failed, refused, succeeded        | troubles (one place per kind of request)|
// | network gone, back                        | online                                  |
// | local write, row judged and settled       | pending, sent                           |
// | page handed to RxDB, RxDB has written it  | receiving, received, expected           |
// | refused write stored, dismissed           | refused                                 |
// | entry of the inbox opened, decided        | conflicts                               |
// | first pull ended                          | started                                 |
// | everything is received again, was         | resync                                  |

import { BehaviorSubject, type Observable } from 'rxjs';
import type { ResyncReason } from '../protocol/index.ts';
import { messageOf } from './check.ts';
import type { Trouble } from './retry.ts';
import type { SyncState, SyncStatus } from './types.ts';

export type RequestKind = 'push' | 'pull' | 'stream' | 'local';

export interface Facts {
  readonly started: boolean;
  readonly online: boolean;
  readonly troubles: Readonly<Partial<Record<RequestKind, Trouble>>>;
  readonly refused: number;
  readonly conflicts: number;
  readonly pending: number;
  readonly pendingKeys: readonly string[];
  /** Judged since there was last nothing pending. */
  readonly sent: number;
  readonly receiving: boolean;
  /** About how many documents come in all. */
  readonly expected: number;
  readonly received: number;
  readonly lastSyncedAtMs: number | undefined;
  readonly leader: boolean;
  /** Why everything is received again, while it is. */
  readonly resync: ResyncReason | undefined;
}

const INITIAL: Facts = {
  started: false,
  online: true,
  troubles: {},
  refused: 0,
  conflicts: 0,
  pending: 0,
  pendingKeys: [],
  sent: 0,
  receiving: false,
  expected: 0,
  received: 0,
  lastSyncedAtMs: undefined,
  leader: false,
  resync: undefined,
};

/** Why everything is received again, for people. */
const RESYNC_WORDS: Readonly<Record<ResyncReason, string>> = {
  epoch:
    'The server was restored from a backup. It gets from here what it has lost, then everything is received again.',
  ahead: 'The server knows less than this device had received. Everything is received again.',
  floor: 'This device was away for a long time. Everything is received again.',
  scope: 'What you may see has changed. Everything is received again.',
};

export function stateOf(facts: Facts): SyncState {
  const kinds = Object.values(facts.troubles).map(({ kind }) => kind);
  if (kinds.includes('loggedOut')) return 'loggedOut';
  if (!facts.online) return 'offline';
  if (kinds.includes('unreachable')) return 'unreachable';
  if (kinds.includes('waiting') || kinds.includes('outdated')) return 'waiting';
  if (facts.refused + facts.conflicts > 0) return 'attention';
  if (facts.pending > 0) return 'sending';
  if (facts.receiving || facts.resync !== undefined) return 'receiving';
  return facts.started ? 'synced' : 'starting';
}

export function statusOf(facts: Facts): SyncStatus {
  const state = stateOf(facts);
  const troubles = Object.values(facts.troubles);
  const tries = troubles.flatMap((trouble) =>
    trouble.kind === 'loggedOut' ? [] : [trouble.nextTryAtMs],
  );
  const lastError = troubles.at(-1)?.message;
  return {
    state,
    pendingKeys: facts.pendingKeys,
    pending: facts.pending,
    ...(state === 'sending'
      ? { progress: { done: facts.sent, of: facts.sent + facts.pending } }
      : {}),
    ...(state === 'receiving'
      ? { progress: { done: facts.received, of: Math.max(facts.received, facts.expected) } }
      : {}),
    refused: facts.refused,
    conflicts: facts.conflicts,
    ...(facts.lastSyncedAtMs === undefined ? {} : { lastSyncedAtMs: facts.lastSyncedAtMs }),
    ...(tries.length > 0 ? { nextTryAtMs: Math.min(...tries) } : {}),
    ...(lastError === undefined ? {} : { lastError }),
    ...(troubles.some(({ kind }) => kind === 'outdated') ? { outdated: true } : {}),
    leader: facts.leader,
    ...(facts.resync === undefined
      ? {}
      : { resync: { reason: facts.resync, message: RESYNC_WORDS[facts.resync] } }),
  };
}

export class Board {
  #facts = INITIAL;
  readonly #status$ = new BehaviorSubject<SyncStatus>(statusOf(INITIAL));

  readonly status$: Observable<SyncStatus> = this.#status$.asObservable();

  get status(): SyncStatus {
    return this.#status$.getValue();
  }

  update(change: Partial<Facts>): void {
    this.#facts = { ...this.#facts, ...change };
    this.#status$.next(statusOf(this.#facts));
  }

  trouble(kind: RequestKind, trouble: Trouble | undefined): void {
    const { [kind]: known, ...others } = this.#facts.troubles;
    if (known === undefined && trouble === undefined) return;
    this.update({ troubles: trouble === undefined ? others : { ...others, [kind]: trouble } });
  }

  /** Something on this device went wrong: storage, locks. */
  failed(error: unknown, nowMs: number): void {
    this.trouble('local', { kind: 'waiting', message: messageOf(error), nextTryAtMs: nowMs });
  }

  /** What only a leader knows; a new leader finds it out again. */
  forget(): void {
    const { refused, conflicts, online } = this.#facts;
    this.update({ ...INITIAL, refused, conflicts, online });
  }

  /** This tab has become the leader, and knows nothing yet. */
  lead(): void {
    this.forget();
    this.update({ leader: true });
  }

  /** In a tab that follows: what the leader says. */
  show(status: SyncStatus): void {
    const { refused, conflicts } = this.#facts;
    this.#status$.next({ ...status, refused, conflicts, leader: false });
  }

  end(): void {
    this.#status$.complete();
  }
}
