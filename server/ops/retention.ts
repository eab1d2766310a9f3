// What is kept only for so long: entries of the inbox that wait for nobody, and tombstones with all
// that lives as long as they do. Daily in a server, and on demand.

import type { WorkspaceId } from '../../replication/core.ts';
import { INBOX, type Collection, type Conflict } from '../../schemas/index.ts';
import { WORKSPACE } from '../auth/records.ts';
import { asConflict } from '../accept/inbox.ts';
import { newEntry, WorkingSet, type Entry } from '../accept/working-set.ts';
import { FIRST_PURGE_MS, PURGE_EVERY_MS, RETENTION_MS } from '../config.ts';
import type { Store } from '../store/port/port.ts';
import { takeLease, type Lease } from './lease.ts';
import type { Log } from './log.ts';

const INBOX_PAGE = 500;

export interface PurgeReport {
  /** Documents whose last trace but a digest is gone. */
  readonly tombstones: number;
  /** Entries of the inbox that became tombstones. */
  readonly entries: number;
}

export interface RetentionOptions {
  readonly store: Store;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly now: () => number;
  readonly logger: Log;
  /** Ends a purge between two of its steps. */
  readonly closing: AbortSignal;
}

export class Retention {
  readonly #options: RetentionOptions;
  #running: Promise<PurgeReport | undefined> | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Purges one workspace or all; `undefined` where a purge is under way, here or elsewhere. */
  async purge(olderThanMs: number, only?: WorkspaceId): Promise<PurgeReport | undefined> {
    if (this.#running !== undefined) return undefined;
    this.#running = this.#purgeAlone(this.#options.now() - olderThanMs, only);
    try {
      return await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Purges every day, until the returned call, which waits for a purge that is under way. */
  start(): () => Promise<void> {
    const { logger } = this.#options;
    const run = (): void => {
      this.purge(RETENTION_MS).then(
        (report) => {
          if (report === undefined) logger.info({}, 'another server purges');
          else logger.info({ ...report }, 'purged');
        },
        (error: unknown) => {
          logger.error({ err: error }, 'the purge failed; it is tried again tomorrow');
        },
      );
    };
    const timers = [setTimeout(run, FIRST_PURGE_MS), setInterval(run, PURGE_EVERY_MS)];
    for (const timer of timers) timer.unref();
    return async () => {
      for (const timer of timers) clearTimeout(timer);
      await this.#running?.catch(() => undefined);
    };
  }

  async #purgeAlone(
    beforeMs: number,
    only: WorkspaceId | undefined,
  ): Promise<PurgeReport | undefined> {
    const { store, now } = this.#options;
    const lease = await takeLease(store, 'purge', now);
    if (lease === undefined) return undefined;
    try {
      return await this.#purge(beforeMs, only, lease);
    } finally {
      await lease.giveBack();
    }
  }

  async #purge(
    beforeMs: number,
    only: WorkspaceId | undefined,
    lease: Lease,
  ): Promise<PurgeReport> {
    const { store } = this.#options;
    const all = await store.records(WORKSPACE.name, '');
    let tombstones = 0;
    let entries = 0;
    for (const workspace of only === undefined ? all.map(({ id }) => id as WorkspaceId) : [only]) {
      entries += await this.#clearInbox(workspace, beforeMs, lease);
      for (let more = true; more && (await this.#mayGoOn(lease));) {
        const step = await store.purge(workspace, beforeMs);
        tombstones += step.documents;
        ({ more } = step);
        await otherWork();
      }
    }
    return { tombstones, entries };
  }

  async #mayGoOn(lease: Lease): Promise<boolean> {
    return !this.#options.closing.aborted && (await lease.renew());
  }

  async #clearInbox(workspace: WorkspaceId, beforeMs: number, lease: Lease): Promise<number> {
    const { store, collections } = this.#options;
    const inbox = collections.get(INBOX);
    if (inbox === undefined) return 0;
    const before = new Date(beforeMs).toISOString();
    let cleared = 0;
    let after: string | undefined = '';
    while (after !== undefined && (await this.#mayGoOn(lease))) {
      const page = await store.scan(workspace, INBOX, after, INBOX_PAGE);
      const old = page.filter(
        ({ deleted, indexed, text }) =>
          !deleted && indexed['state'] !== 'open' && isSpent(JSON.parse(text) as Conflict, before),
      );
      if (old.length > 0) cleared += await clearEntries(store, workspace, inbox, old, before);
      after = page.length < INBOX_PAGE ? undefined : page.at(-1)?.id;
      await otherWork();
    }
    return cleared;
  }
}

/** Requests come first. */
const otherWork = (): Promise<void> => new Promise(setImmediate);

const isSpent = ({ state, updatedAt }: Conflict, before: string): boolean =>
  state !== 'open' && updatedAt <= before;

async function clearEntries(
  store: Store,
  workspace: WorkspaceId,
  inbox: Collection,
  old: readonly { readonly id: string }[],
  before: string,
): Promise<number> {
  const documents = old.map(({ id }) => ({ collection: inbox.name, id }));
  const needs = { documents, operations: [], stamps: [] };
  const { result } = await store.commit(workspace, needs, (known, turn) => {
    const set = new WorkingSet(known, turn);
    let cleared = 0;
    for (const { id } of documents) {
      const entry = set.get(inbox, id);
      // Somebody may have reopened it meanwhile.
      if (entry === undefined || entry.deleted || !isSpent(asConflict(entry), before)) continue;
      set.put(newEntry(inbox, id, bareTombstone(inbox, entry, set)));
      cleared += 1;
    }
    return { write: set.toWrite(), result: cleared };
  });
  return result;
}

/**
 * What says that an entry is gone, and to whom. No stamp of a delete: nobody deleted it, and the
 * same id may be opened again.
 */
function bareTombstone(inbox: Collection, entry: Entry, { turn }: WorkingSet): Entry['doc'] {
  const { author, shared, clk, createdAt, createdBy, updatedBy } = asConflict(entry);
  const envelope = {
    clk,
    rev: turn.seq,
    createdAt,
    updatedAt: turn.updatedAt,
    createdBy,
    updatedBy,
  };
  return { [inbox.primaryKey]: entry.id, author, shared, ...envelope, _deleted: true };
}
