// What the one sync indicator shows, derived from facts. The first line that fits is the state:
//
// | state       | while                                                                  |
// | ----------- | ---------------------------------------------------------------------- |
// | loggedOut   | the server answers 401; nothing is tried until `syncNow`               |
// | offline     | the device says that it has no network                                 |
// | notMember   | the server answers `not_a_member`; tried again after the longest wait  |
// | unreachable | the last request of some kind got no usable answer and waits           |
// | attention   | the server has answered a write three times without judging it         |
// | waiting     | the last request of some kind was put off by the server and waits;     |
// |             | also where app and server are of different versions (`serverNewer`)    |
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
// | answer without a verdict                  | failed                                  |
// | the push pipeline moves (push/machine.ts) | pushing                                 |
// | page handed to RxDB, RxDB has written it  | receiving, received, expected           |
// | refused write stored, discarded           | refused                                 |
// | entry of the inbox opened, decided        | conflicts                               |
// | first pull ended                          | started                                 |
// | everything is received again, was         | resync                                  |
// | a write finds no space, another one does  | deviceFull                              |
// | a newer version of the program is met     | outdated, for good                      |

import { BehaviorSubject, type Observable } from 'rxjs';
import type { ResyncReason } from '../protocol/index.ts';
import { NOTHING_WAITS, type WaitingView } from '../outbox/waiting.ts';
import type { PushState } from '../push/machine.ts';
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
  /** Of these: answered three times without a verdict. */
  readonly failed: number;
  readonly pendingKeys: readonly string[];
  /** Come to rest since there was last nothing pending. */
  readonly sent: number;
  /** Of `pending`: judged, and not yet at rest. */
  readonly judged: number;
  readonly receiving: boolean;
  /** About how many documents come in all. */
  readonly expected: number;
  readonly received: number;
  readonly lastSyncedAtMs: number | undefined;
  readonly leader: boolean;
  readonly pushing: PushState;
  /** Why everything is received again, while it is. */
  readonly resync: ResyncReason | undefined;
  readonly deviceFull: true | undefined;
  readonly outdated: true | undefined;
}

const INITIAL: Facts = {
  started: false,
  online: true,
  troubles: {},
  refused: 0,
  conflicts: 0,
  pending: 0,
  failed: 0,
  pendingKeys: [],
  sent: 0,
  judged: 0,
  receiving: false,
  expected: 0,
  received: 0,
  lastSyncedAtMs: undefined,
  leader: false,
  pushing: 'idle',
  resync: undefined,
  deviceFull: undefined,
  outdated: undefined,
};

/** Why everything is received again, for people. */
const RESYNC_WORDS: Readonly<Record<ResyncReason, string>> = {
  epoch:
    'The server was restored from a backup. It gets from here what it has lost, then everything is received again.',
  ahead: 'The server knows less than this device had received. Everything is received again.',
  floor: 'This device was away for a long time. Everything is received again.',
  scope: 'What you may see has changed. Everything is received again.',
};

export const resyncNote = (reason: ResyncReason) =>
  ({ kind: 'info', code: 'resync', message: RESYNC_WORDS[reason] }) as const;

export function stateOf(facts: Facts): SyncState {
  const kinds = Object.values(facts.troubles).map(({ kind }) => kind);
  if (kinds.includes('loggedOut')) return 'loggedOut';
  if (!facts.online) return 'offline';
  if (kinds.includes('notMember')) return 'notMember';
  if (kinds.includes('unreachable')) return 'unreachable';
  if (facts.failed > 0) return 'attention';
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
  const unjudged = facts.pending - facts.judged;
  return {
    state,
    pendingKeys: facts.pendingKeys,
    // Where all have their verdict they come to rest in a moment.
    pending: unjudged > 0 ? unjudged : facts.pending,
    ...(state === 'sending'
      ? { progress: { done: facts.sent + facts.judged, of: facts.sent + facts.pending } }
      : {}),
    ...(state === 'receiving'
      ? { progress: { done: facts.received, of: Math.max(facts.received, facts.expected) } }
      : {}),
    refused: facts.refused,
    failed: facts.failed,
    pushing: facts.pushing,
    conflicts: facts.conflicts,
    ...(facts.lastSyncedAtMs === undefined ? {} : { lastSyncedAtMs: facts.lastSyncedAtMs }),
    ...(tries.length > 0 ? { nextTryAtMs: Math.min(...tries) } : {}),
    ...(lastError === undefined ? {} : { lastError }),
    ...(facts.deviceFull && { deviceFull: facts.deviceFull }),
    ...(facts.outdated && { outdated: facts.outdated }),
    ...(troubles.some(({ kind }) => kind === 'outdated') ? { serverNewer: true } : {}),
    leader: facts.leader,
    ...(facts.resync === undefined
      ? {}
      : { resync: { reason: facts.resync, message: RESYNC_WORDS[facts.resync] } }),
  };
}

export class Board {
  #facts = INITIAL;
  /** In a tab that follows: what the leader has said last. */
  #said: SyncStatus | undefined;
  readonly #status$ = new BehaviorSubject<SyncStatus>(statusOf(INITIAL));

  readonly #waiting$ = new BehaviorSubject<WaitingView>(NOTHING_WAITS);

  readonly status$: Observable<SyncStatus> = this.#status$.asObservable();
  readonly waiting$: Observable<WaitingView> = this.#waiting$.asObservable();

  get waiting(): WaitingView {
    return this.#waiting$.getValue();
  }
  showWaiting(view: WaitingView): void {
    this.#waiting$.next(view);
  }

  get status(): SyncStatus {
    return this.#status$.getValue();
  }

  update(change: Partial<Facts>): void {
    this.#facts = { ...this.#facts, ...change };
    this.#show();
  }

  /** What the leader says stands, but for what this tab knows itself. */
  #show(): void {
    const { refused, conflicts, outdated, troubles } = this.#facts;
    const lastError = troubles.local?.message;
    this.#status$.next(
      this.#said === undefined
        ? statusOf(this.#facts)
        : {
            ...this.#said,
            refused,
            conflicts,
            leader: false,
            ...(lastError !== undefined && { lastError }),
            ...(outdated && { outdated }),
          },
    );
  }

  trouble(kind: RequestKind, trouble: Trouble | undefined): void {
    const { [kind]: known, ...others } = this.#facts.troubles;
    if (known === undefined && trouble === undefined) return;
    this.update({ troubles: trouble === undefined ? others : { ...others, [kind]: trouble } });
  }

  /** Something on this device went wrong: storage, locks. */
  failed(message: string, nextTryAtMs: number): void {
    this.trouble('local', { kind: 'waiting', message, nextTryAtMs });
  }
  /** Unless something else has gone wrong since. */
  recovered(message: string): void {
    if (this.#facts.troubles.local?.message === message) this.trouble('local', undefined);
  }

  /** What only a leader knows; a new leader finds it out again. */
  forget(): void {
    const { refused, conflicts, online, deviceFull, outdated } = this.#facts;
    this.#said = undefined;
    this.showWaiting(NOTHING_WAITS);
    this.update({ ...INITIAL, refused, conflicts, online, deviceFull, outdated });
  }

  /** This tab has become the leader, and knows nothing yet. */
  lead(): void {
    this.forget();
    this.update({ leader: true });
  }

  /** In a tab that follows: what the leader says. */
  show(status: SyncStatus): void {
    this.#said = status;
    this.#show();
  }

  /** A newer version of the program has the data; what is shown besides stays. */
  outdate(): void {
    this.update({ outdated: true });
  }

  end(): void {
    this.#status$.complete();
    this.#waiting$.complete();
  }
}
