// What the next request carries, of all that waits.

import type { Journal } from '../activity/journal.ts';
import type { Lane } from '../feed/lane.ts';
import type { Group } from '../outbox/group.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import { needsOf } from '../outbox/label.ts';
import type { Platform } from '../plugin/platform.ts';
import { takeBatch } from './batch.ts';
import type { Item, Queued } from './item.ts';
import { keyOfMember, sendable, type Unit } from './units.ts';

/** How long a row waits for a document it refers to, which RxDB has yet to hand over. */
const REFERENCE_WAIT_MS = 1_000;
/** How long a group does; no row waits for it meanwhile but for so long. */
const GROUP_WAIT_MS = 60_000;

export interface Waiting {
  readonly queue: readonly Queued[];
  readonly units: readonly Unit[];
}

export interface SelectionOptions {
  readonly platform: Pick<Platform, 'now'>;
  readonly outbox: Pick<LocalOutbox, 'has'>;
  readonly journal: Pick<Journal, 'note'>;
}

export class Selection {
  readonly #platform: SelectionOptions['platform'];
  readonly #outbox: SelectionOptions['outbox'];
  readonly #journal: SelectionOptions['journal'];
  /** Groups that can't be sent by this program as it was started, and their documents. */
  readonly #shutGroups = new Set<string>();
  #shut: ReadonlySet<string> = new Set();
  /** Documents of all groups that were met. */
  #claimed: ReadonlySet<string> = new Set();
  /** When each open group was first met. */
  readonly #metAtMs = new Map<string, number>();
  /** Operations at which the server stumbled, and how many requests had passed by then. */
  readonly #postponed = new Map<string, number>();
  #passed = 0;

  constructor({ platform, outbox, journal }: SelectionOptions) {
    this.#platform = platform;
    this.#outbox = outbox;
    this.#journal = journal;
  }

  /** Whether a row does not wait for a group that can't be sent. */
  readonly canGo = ({ key }: Queued): boolean => !this.#shut.has(key);

  /** Notes which groups can't be sent, and says which can. */
  meet(groups: readonly Group[], lanes: ReadonlyMap<string, Lane>): readonly Group[] {
    const open = sendable(groups, lanes);
    const shut = groups.filter((group) => !open.includes(group));
    this.#shut = keysOf(shut);
    this.#claimed = keysOf(groups);
    for (const group of shut) this.#tell(group);
    return open;
  }

  #tell({ id, label, members }: Group): void {
    if (this.#shutGroups.has(id)) return;
    this.#shutGroups.add(id);
    this.#journal.note({
      kind: 'error',
      code: 'trouble',
      message: `“${label}” has to wait: it changes records that this tab does not have. It is kept; reload to send it.`,
      records: members,
    });
  }

  /** A request was judged. */
  passed(): void {
    this.#passed += 1;
  }

  /**
   * From now on these go after all others, with what refers to them. Says whether requests have
   * passed since they were first postponed.
   */
  postpone(items: readonly Item[]): boolean {
    for (const { row } of items)
      if (!this.#postponed.has(row.op)) this.#postponed.set(row.op, this.#passed);
    return items.every(({ row }) => (this.#postponed.get(row.op) ?? this.#passed) < this.#passed);
  }

  take({ queue, units }: Waiting, maxRows: number): readonly Item[] {
    const claimed = this.#claimed;
    const queued = new Set(queue.map(({ key }) => key));
    return takeBatch({
      queue,
      units: this.#lastOf(units),
      claimed,
      maxRows,
      isPostponed: ({ row }) => this.#postponed.has(row.op),
      mustWait: (item, isSent) =>
        this.#mustWait(item, (key) => (claimed.has(key) ? isSent(key) : queued.has(key))),
    });
  }

  /** A postponed group, and those over the same documents after it, come behind the others. */
  #lastOf(units: readonly Unit[]): readonly Unit[] {
    const behind = new Set<string>();
    const last = units.filter(({ items, keys }) => {
      const isLast =
        items.some(({ row }) => this.#postponed.has(row.op)) ||
        [...keys].some((key) => behind.has(key));
      if (isLast) for (const key of keys) behind.add(key);
      return isLast;
    });
    return [...units.filter((unit) => !last.includes(unit)), ...last];
  }

  /**
   * RxDB hands over one batch of a collection at a time, so what a row refers to may be unsent and
   * not here. The wait is bounded: two batches may refer to each other's successors.
   */
  #mustWait(item: Item | Queued, isHere: (key: string) => boolean): boolean {
    const nowMs = this.#platform.now();
    const sinceMs = 'queuedAtMs' in item ? item.queuedAtMs : this.#metMs(item.group, nowMs);
    const patienceMs = 'queuedAtMs' in item ? REFERENCE_WAIT_MS : GROUP_WAIT_MS;
    if (nowMs - sinceMs > patienceMs) return false;
    return needsOf(item.collection, item.doc).some((key) => this.#outbox.has(key) && !isHere(key));
  }

  #metMs(group: Group | undefined, nowMs: number): number {
    if (group === undefined) return nowMs;
    const met = this.#metAtMs.get(group.id) ?? nowMs;
    this.#metAtMs.set(group.id, met);
    return met;
  }
}

const keysOf = (groups: readonly Group[]): ReadonlySet<string> =>
  new Set(groups.flatMap(({ members }) => members.map(keyOfMember)));
