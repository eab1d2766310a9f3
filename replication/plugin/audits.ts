// When each collection is audited, while this tab leads. Looking is always harmless; mending waits
// until the collection has been at rest for a while.
//
// | when                                                    | what is looked at, and then mended   |
// | ------------------------------------------------------- | ------------------------------------ |
// | the session begins                                      | what lies past the up checkpoint     |
// | at rest, and the last session did not end cleanly, or   | all                                  |
// | the clock was set back                                  |                                      |
// | at rest, and the last look at all is hours ago          | all                                  |

import type { Collection } from '../../schemas/index.ts';
import type { Journal } from '../activity/journal.ts';
import type { Lane } from '../feed/lane.ts';
import type { AuditNotes } from '../outbox/audit-notes.ts';
import type { Ledger } from '../outbox/ledger.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import { look, mend, settledOf, type AuditMode, type Look, type Suspect } from './audit.ts';
import { messageOf } from './check.ts';
import type { Platform } from './platform.ts';
import type { Timers } from './timers.ts';
import type { Timing } from './types.ts';

const ALL_AGAIN_MS = 4 * 3_600_000;
/** How often it is looked whether there is something to do, when there was nothing. */
const CALM_MS = 60_000;
const ELSEWHERE = 'Another tab has taken over. Try again.';
/** The server's clock minus this one's is known no better than a request takes. */
const STEP_MS = 60_000;

type AuditedLane = Pick<Lane, 'collection' | 'restsAt' | 'port' | 'resync'> & {
  readonly up: Pick<Lane['up'], 'isBusy'>;
};

export interface AuditsOptions {
  readonly platform: Pick<Platform, 'now'>;
  readonly ledger: AuditNotes & Pick<Ledger, 'leader'>;
  readonly timers: Pick<Timers, 'after'>;
  readonly lanes: readonly AuditedLane[];
  readonly identity: { readonly device: () => string };
  readonly serverNowMs: () => number;
  readonly timing: Pick<Timing, 'auditRestMs'>;
  /** Asks the ledger. After `false` nothing may be written any more. */
  readonly stillLeads: () => Promise<boolean>;
  readonly outbox: Pick<LocalOutbox, 'found' | 'settled'>;
  readonly journal: Pick<Journal, 'note'>;
  readonly failed: (error: unknown) => void;
}

/** What is known of one collection. */
interface Post {
  readonly lane: AuditedLane;
  /** Whether all is to be looked at as soon as it rests. */
  isDue: boolean;
  isKnown: boolean;
  wasAtRest: boolean;
  isBusy: boolean;
  isClockBehind: boolean;
  /** To be received again; `asked` once the lane knows. */
  again: 'no' | 'yes' | 'asked';
  suspects: readonly Suspect[];
  lookedAtMs: number;
}

export class Audits {
  readonly #options: AuditsOptions;
  #posts: readonly Post[] = [];
  #ready: Promise<unknown> = Promise.resolve();
  #highestMs = 0;
  #leader = 0;
  #lastMs = 0;
  #offsetMs = 0;
  #hasEnded = false;

  constructor(options: AuditsOptions) {
    this.#options = options;
  }

  /** Resolves when what lies past RxDB's position has been looked at. */
  async begin(): Promise<void> {
    this.#ready = this.#recall();
    await this.#ready;
    if (this.#hasEnded) return;
    const known = this.#posts.map(async (post) => {
      await post.lane.port?.started();
      post.isKnown = await this.#lookAtNew(post);
    });
    await Promise.all(known);
    this.#turn();
  }

  /** Resolves when it is durable that these collections are received again, each once it rests. */
  async receiveAgain(collections: readonly string[]): Promise<void> {
    if (collections.length === 0) return;
    await this.#ready.catch(() => (this.#ready = this.#recall()));
    if (!(await this.#options.stillLeads())) throw new Error(ELSEWHERE);
    for (const post of this.#posts)
      if (collections.includes(post.lane.collection.name)) post.again = 'yes';
    await this.#note();
    // Another tab may have sent it meanwhile.
    if (!(await this.#options.stillLeads())) throw new Error(ELSEWHERE);
    this.#turn();
  }

  async #recall(): Promise<void> {
    const { ledger, platform, lanes } = this.#options;
    this.#leader = await ledger.leader();
    const last = await ledger.lastRun();
    // Sessions between that one and this have noted nothing.
    const wasLast = last?.leader === this.#leader - 1;
    const nowMs = platform.now();
    this.#highestMs = Math.max(nowMs, last?.clockMs ?? 0);
    this.#lastMs = nowMs;
    const isDue = last?.endedCleanly !== true || !wasLast || nowMs < last.clockMs;
    this.#posts = lanes.map((lane) => ({
      lane,
      isDue,
      isKnown: false,
      wasAtRest: false,
      isBusy: false,
      isClockBehind: false,
      again: last?.again.includes(lane.collection.name) === true ? 'yes' : 'no',
      suspects: [],
      lookedAtMs: nowMs,
    }));
    if (!this.#hasEnded) await this.#note();
  }

  /** Call before replications are cancelled: what they are writing then may stay half done. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    const { ledger, platform } = this.#options;
    const isClean =
      this.#posts.length > 0 &&
      platform.now() >= this.#highestMs &&
      this.#posts.every(
        (post) => isAtRest(post.lane) && !post.isDue && !post.isBusy && !post.isClockBehind,
      );
    if (isClean && (await ledger.leader()) === this.#leader) await this.#note(true);
  }

  #note(endedCleanly = false): Promise<void> {
    this.#highestMs = Math.max(this.#highestMs, this.#options.platform.now());
    return this.#options.ledger.noteRun({
      endedCleanly,
      clockMs: this.#highestMs,
      leader: this.#leader,
      again: this.#posts.flatMap(({ again, lane }) => (again === 'no' ? [] : lane.collection.name)),
    });
  }

  #turn(): void {
    if (this.#hasEnded) return;
    const { timing, timers, platform, failed } = this.#options;
    const nowMs = platform.now();
    const isStepped = this.#isClockStepped(nowMs);
    for (const post of this.#posts) {
      post.isDue ||= isStepped || nowMs - post.lookedAtMs > ALL_AGAIN_MS;
      if (post.isBusy) continue;
      post.isBusy = true;
      this.#step(post)
        .catch((error: unknown) => {
          // Said once; the next look at all is hours away.
          post.isDue = false;
          post.isKnown = true;
          post.suspects = [];
          failed(new Error(`The local data could not be checked: ${messageOf(error)}`));
        })
        .finally(() => (post.isBusy = false));
    }
    const isCalm = this.#posts.every((post) => !post.isDue && post.isKnown && post.again === 'no');
    // Two names: a timer that runs is not replaced, and the calm one must not keep the other back.
    if (isCalm) timers.after('audit when calm', CALM_MS, () => this.#turn());
    else timers.after('audit', timing.auditRestMs, () => this.#turn());
  }

  /** Whether this device's clock was set back while the session runs, as far as can be seen. */
  #isClockStepped(nowMs: number): boolean {
    const offsetMs = this.#options.serverNowMs() - nowMs;
    const isBack = nowMs < this.#lastMs;
    const isBackFromServer = this.#offsetMs !== 0 && offsetMs - this.#offsetMs > STEP_MS;
    this.#lastMs = nowMs;
    this.#highestMs = Math.max(this.#highestMs, nowMs);
    // Zero until the server has said what time it is.
    this.#offsetMs = offsetMs;
    return isBack || isBackFromServer;
  }

  async #step(post: Post): Promise<void> {
    const { lane } = post;
    if (!post.isKnown) post.isKnown = await this.#lookAtNew(post);
    const rests = isAtRest(lane) && post.wasAtRest;
    post.wasAtRest = isAtRest(lane);
    if (!rests || this.#hasEnded) return;
    if (post.again !== 'no') await this.#resync(post);
    else if (post.suspects.length > 0) await this.#mend(post);
    else if (post.isDue) await this.#lookAtAll(post);
  }

  async #lookAtNew(post: Post): Promise<boolean> {
    const seen = await this.#look(post, 'new');
    if (seen?.isClockBehind === true) post.isDue = true;
    return seen !== undefined;
  }

  async #lookAtAll(post: Post): Promise<void> {
    const seen = await this.#look(post, 'all');
    if (seen === undefined) return;
    post.suspects = seen.suspects;
    post.isClockBehind = seen.isClockBehind;
    if (seen.suspects.length === 0) await this.#looked(post);
  }

  async #look({ lane: { port, collection } }: Post, mode: AuditMode): Promise<Look | undefined> {
    if (port === undefined) return undefined;
    const { outbox, identity } = this.#options;
    const seen = await look(port.place, mode, identity.device());
    if (this.#hasEnded || seen === undefined || seen.pending.length === 0) return seen;
    outbox.found(collection, seen.pending);
    // What was sent and settled between the look and the line above would wait for ever.
    outbox.settled(collection, await settledOf(port.place, seen.pending));
    return seen;
  }

  async #mend(post: Post): Promise<void> {
    const { lane, suspects } = post;
    const { identity, stillLeads, journal } = this.#options;
    if (lane.port === undefined || !(await stillLeads())) return;
    const mended = await mend(lane.port.place, suspects, {
      device: identity.device(),
      isAtRest: () => !this.#hasEnded && isAtRest(lane),
      missing: async () => {
        post.again = 'yes';
        await this.#note();
      },
    });
    if (mended === undefined) return;
    post.suspects = [];
    for (const reason of ['unsent', 'frozen'] as const) {
      const ids = mended[reason];
      if (ids.length > 0) journal.note(repairNote(lane.collection, ids, reason));
    }
    await this.#looked(post);
  }

  async #resync(post: Post): Promise<void> {
    const isDone = post.again === 'asked';
    post.again = isDone ? 'no' : 'asked';
    if (isDone) await this.#note();
    else post.lane.resync();
  }

  /** Once all have been looked at, an earlier clock that was ahead is forgotten. */
  async #looked(post: Post): Promise<void> {
    const { platform } = this.#options;
    post.isDue = false;
    post.lookedAtMs = platform.now();
    if (this.#hasEnded || this.#posts.some(({ isDue }) => isDue)) return;
    if (this.#highestMs <= platform.now()) return;
    this.#highestMs = platform.now();
    await this.#note();
  }
}

const isAtRest = ({ restsAt, up }: AuditedLane): boolean => restsAt !== undefined && !up.isBusy;

const REPAIRED = {
  unsent: 'would not have been sent, after a crash or a change of the clock. Sending is under way.',
  frozen: 'would not have been updated any more, after a crash. That is repaired.',
} as const;

const repairNote = (
  { name, label }: Collection,
  ids: readonly string[],
  reason: keyof typeof REPAIRED,
) =>
  ({
    kind: 'info',
    code: 'repaired',
    message: `${ids.length === 1 ? `1 ${label.one}` : `${ids.length} ${label.many}`} ${REPAIRED[reason]}`,
    records: ids.map((id) => ({ collection: name, id })),
  }) as const;
