// What the tabs of one database tell each other: the leader its status, the others their questions.

import { skip } from 'rxjs';
import { isRecord, isRecordList, messageOf } from './check.ts';
import { DATA_VERSION } from './data-version.ts';
import { isDeviceId, type DeviceId } from '../protocol/index.ts';
import type { WaitingView } from '../outbox/waiting.ts';
import type { Identity } from './identity.ts';
import type { Channel, Platform } from './platform.ts';
import type { Board } from './status.ts';
import type { SyncStatus, Verified } from './types.ts';

const NO_ANSWER = {
  verify: 'The tab that syncs did not answer. Try again.',
  discard:
    'The tab that syncs has not answered yet. This may still be discarded; look again in a moment.',
} as const;
/** Followers see a change of the status this late at most. */
const BROADCAST_MS = 50;

export interface TabsHost {
  readonly isLeading: () => boolean;
  /** The leader has said something. */
  readonly heard: () => void;
  readonly syncNow: () => void;
  /** Another tab runs a newer version of the program, or the leader an older one. */
  readonly newer: () => void;
  readonly olderLeads: () => void;
  /** What the leader does for others. Nothing where this tab does not lead. */
  readonly verify: () => Promise<readonly Verified[]> | undefined;
  readonly discard: (ops: readonly string[]) => Promise<void> | undefined;
  /** How long a question to the leader may take. */
  readonly patienceMs: number;
  readonly offsetMs: () => number;
  readonly learnOffset: (offsetMs: number) => void;
  readonly identity: Identity;
}

/** What the leader found or did, or why it could not. */
type Finding =
  | { readonly verified: readonly Verified[] }
  | { readonly done: true }
  | { readonly error: string };
type Question = { readonly kind: 'verify' } | { readonly kind: 'discard'; readonly ops: string[] };
type Message =
  | (Question & { readonly question: string })
  | { readonly kind: 'found'; readonly question: string; readonly finding: Finding }
  | { readonly kind: 'waiting'; readonly waiting: WaitingView }
  /** `fresh`: this tab knows nothing yet. */
  | { readonly kind: 'ask'; readonly fresh: boolean }
  | { readonly kind: 'now' }
  | {
      readonly kind: 'status';
      readonly status: SyncStatus;
      readonly offsetMs: number;
      readonly device: DeviceId;
    };

/** Stops tabs of an older version, before what they write to is changed under them. */
export function announce(channel: Channel): void {
  channel.post({ kind: 'ask', fresh: false, version: DATA_VERSION });
  channel.close();
}

export class Tabs {
  readonly #channel: Channel;
  readonly #board: Board;
  readonly #host: TabsHost;
  readonly #stopBroadcast: () => void;
  #isFresh = true;
  #isClosed = false;
  readonly #platform: Platform;
  readonly #questions = new Map<string, (finding: Finding) => void>();

  constructor(channel: Channel, platform: Platform, board: Board, host: TabsHost) {
    this.#channel = channel;
    this.#board = board;
    this.#host = host;
    this.#platform = platform;
    channel.listen((message) => {
      const version = versionOf(message);
      if (version > DATA_VERSION) host.newer();
      const known = parseMessage(message);
      // Its time and its device may be written in another way.
      if (version < DATA_VERSION && known?.kind === 'status') host.olderLeads();
      else this.#take(known);
    });
    let cancel: (() => void) | undefined;
    const subscription = board.status$.subscribe(() => {
      // Once for many changes.
      cancel ??= platform.after(BROADCAST_MS, () => {
        cancel = undefined;
        if (host.isLeading()) this.#say();
      });
    });
    subscription.add(board.waiting$.pipe(skip(1)).subscribe(() => this.#sayWaiting()));
    this.#stopBroadcast = () => {
      subscription.unsubscribe();
      cancel?.();
    };
  }

  /** The leader answers with its status; so it shows that it lives. */
  ask(): void {
    this.#post({ kind: 'ask', fresh: this.#isFresh });
  }
  askToSync(): void {
    this.#post({ kind: 'now' });
  }

  /** The leader compares; its tab has what is needed for it. */
  async askToVerify(): Promise<readonly Verified[]> {
    const finding = await this.#asked({ kind: 'verify' });
    return 'verified' in finding ? finding.verified : [];
  }

  /** The leader lets waiting operations go. */
  async askToDiscard(ops: readonly string[]): Promise<void> {
    await this.#asked({ kind: 'discard', ops: [...ops] });
  }

  async #asked(what: Question): Promise<Finding> {
    const question = this.#platform.randomHex(16);
    const finding = await new Promise<Finding>((resolve) => {
      const cancel = this.#platform.after(this.#host.patienceMs, () =>
        resolve({ error: NO_ANSWER[what.kind] }),
      );
      this.#questions.set(question, (found) => {
        cancel();
        resolve(found);
      });
      this.#post({ ...what, question });
    });
    this.#questions.delete(question);
    if ('error' in finding) throw new Error(finding.error);
    return finding;
  }

  #answer(question: string, doing: Promise<Finding> | undefined): void {
    const answer = (finding: Finding): void => this.#post({ kind: 'found', question, finding });
    doing?.then(answer, (error: unknown) => answer({ error: messageOf(error) }));
  }

  /** This tab has lost the lead: what it knows is of before. */
  lost(): void {
    this.#isFresh = true;
  }

  close(): void {
    this.#isClosed = true;
    this.#stopBroadcast();
    this.#channel.close();
  }

  #say(): void {
    const offsetMs = this.#host.offsetMs();
    const device = this.#host.identity.device();
    this.#post({ kind: 'status', status: this.#board.status, offsetMs, device });
  }

  #sayWaiting(): void {
    if (this.#host.isLeading()) this.#post({ kind: 'waiting', waiting: this.#board.waiting });
  }

  #post(message: Message): void {
    if (!this.#isClosed) this.#channel.post({ ...message, version: DATA_VERSION });
  }

  #take(message: Message | undefined): void {
    const isLeading = this.#host.isLeading();
    switch (message?.kind) {
      case 'ask':
        if (isLeading) this.#say();
        if (message.fresh) this.#sayWaiting();
        return;
      case 'now':
        if (isLeading) this.#host.syncNow();
        return;
      case 'verify':
        this.#answer(
          message.question,
          this.#host.verify()?.then((verified) => ({ verified })),
        );
        return;
      case 'discard':
        this.#answer(
          message.question,
          this.#host.discard(message.ops)?.then(() => ({ done: true as const })),
        );
        return;
      case 'waiting':
        if (!isLeading) this.#board.showWaiting(message.waiting);
        return;
      case 'found':
        this.#questions.get(message.question)?.(message.finding);
        return;
      case 'status':
        if (isLeading) return;
        this.#isFresh = false;
        this.#host.heard();
        this.#host.learnOffset(message.offsetMs);
        this.#host.identity.become(message.device);
        this.#board.show(message.status);
        return;
      case undefined:
    }
  }
}

/** A tab that says none is older than all that do. */
const versionOf = (message: unknown): number =>
  isRecord(message) && typeof message['version'] === 'number' ? message['version'] : 0;

/** From another tab, perhaps one that runs an older version of the program. */
function parseMessage(message: unknown): Message | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, status, offsetMs, device, waiting } = message;
  if (kind === 'now') return { kind };
  if (kind === 'ask') return { kind, fresh: message['fresh'] === true };
  if (kind === 'verify' || kind === 'discard' || kind === 'found') return parseQuestion(message);
  if (kind === 'waiting' && isRecord(waiting) && isRecordList(waiting['records']))
    return isRecord(waiting['counts'])
      ? { kind, waiting: waiting as unknown as WaitingView }
      : undefined;
  if (kind !== 'status' || typeof offsetMs !== 'number' || !isRecord(status)) return undefined;
  if (!isDeviceId(device)) return undefined;
  const isStatus = typeof status['state'] === 'string' && Array.isArray(status['pendingKeys']);
  return isStatus ? { kind, offsetMs, device, status: status as unknown as SyncStatus } : undefined;
}

function parseQuestion(message: Readonly<Record<string, unknown>>): Message | undefined {
  const { kind, question, finding, ops } = message;
  if (typeof question !== 'string') return undefined;
  if (kind === 'verify') return { kind, question };
  if (kind === 'discard') return isTexts(ops) ? { kind, question, ops } : undefined;
  const fits =
    isRecord(finding) &&
    (isRecordList(finding['verified']) ||
      finding['done'] === true ||
      typeof finding['error'] === 'string');
  return fits ? { kind: 'found', question, finding: finding as Finding } : undefined;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
