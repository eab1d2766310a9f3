// What the next request carries, of all that waits.

import type { Journal } from '../activity/journal.ts';
import type { Lane } from '../feed/lane.ts';
import type { Group } from '../outbox/group.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import { needsOf } from '../outbox/label.ts';
import type { Platform } from '../plugin/platform.ts';
import type { Resync } from '../plugin/resync.ts';
import { takeBatch, type Load } from './batch.ts';
import { alone, type Item, type Queued } from './item.ts';
import { keyOfMember, sendable, type Unit } from './units.ts';

/** After so long without anything that can go, the first goes without what it refers to. */
const STALL_MS = 30_000;
/** More than this between two looks is a clock that was turned, or a sleep. */
const LOOK_MS = 1_000;

export interface Waiting {
  readonly queue: readonly Queued[];
  readonly units: readonly Unit[];
}

export interface SelectionOptions {
  readonly platform: Pick<Platform, 'now'>;
  readonly outbox: Pick<LocalOutbox, 'isNew'>;
  readonly resync: () => Pick<Resync, 'holds' | 'lacks'>;
  readonly journal: Pick<Journal, 'note'>;
}

export class Selection {
  readonly #platform: SelectionOptions['platform'];
  readonly #outbox: SelectionOptions['outbox'];
  readonly #resync: SelectionOptions['resync'];
  readonly #journal: SelectionOptions['journal'];
  /** Groups that can't be sent by this program as it was started, and their documents. */
  readonly #shutGroups = new Set<string>();
  #shut: ReadonlySet<string> = new Set();
  /** Documents of all groups that were met. */
  #claimed: ReadonlySet<string> = new Set();
  /** Operations at which the server stumbled, and how many requests had passed by then. */
  readonly #postponed = new Map<string, number>();
  #passed = 0;
  #stalledMs = 0;
  #lookedAtMs = 0;
  #lastPlace = 0;

  constructor({ platform, outbox, resync, journal }: SelectionOptions) {
    this.#resync = resync;
    this.#platform = platform;
    this.#outbox = outbox;
    this.#journal = journal;
  }

  /** Whether a row does not wait for a group that can't be sent. */
  readonly canGo = ({ key }: Queued): boolean => !this.#shut.has(key);

  /** Whether none of these can go, or only what the server stumbles at. */
  isStuck(queue: readonly Queued[]): boolean {
    return queue.length > 0 && queue.every((row) => !this.canGo(row) || this.isPostponed(row));
  }

  /** Notes which groups can't be sent, and says which can. */
  meet(groups: readonly Group[], lanes: ReadonlyMap<string, Lane>): readonly Group[] {
    const open = sendable(groups, (name) => lanes.get(name)?.port !== undefined);
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

  readonly isPostponed = ({ row }: Item | Queued): boolean => this.#postponed.has(row.op);
  /** Whether a document belongs to a group that was met. */
  readonly isClaimed = (key: string): boolean => this.#claimed.has(key);

  /**
   * From now on these go after all others, with what refers to them. Says whether requests have
   * passed since they were first postponed.
   */
  postpone(items: readonly Item[]): boolean {
    for (const { row } of items) {
      const since = this.#postponed.get(row.op) ?? this.#passed;
      // The last of all, so that each has its turn.
      this.#postponed.delete(row.op);
      this.#postponed.set(row.op, since);
    }
    return items.every(({ row }) => (this.#postponed.get(row.op) ?? this.#passed) < this.#passed);
  }

  /**
   * RxDB hands over one batch of a collection at a time, so what a row refers to may be unsent and
   * not here: then it waits.
   */
  take({ queue, units }: Waiting, maxRows: number): readonly Item[] {
    const claimed = this.#claimed;
    const lastUnits = this.#lastOf(units);
    const firstUnits = units.filter((unit) => !lastUnits.includes(unit));
    const batch = takeBatch({
      queue,
      units: firstUnits,
      lastUnits,
      claimed,
      maxRows,
      turnOf: this.#turns(),
      mustWait: ({ collection, doc }, goes) =>
        this.#resync().holds(collection) ||
        needsOf(collection, doc).some(
          (key) => (this.#outbox.isNew(key) || this.#resync().lacks(key)) && !goes(key),
        ),
    });
    if (batch.length > 0) this.#stalledMs = 0;
    if (batch.length > 0 || !this.#isStalled(queue)) return batch;
    const first = queue.find(({ key }) => !claimed.has(key));
    return [...firstUnits, ...lastUnits][0]?.items ?? (first === undefined ? [] : [alone(first)]);
  }

  /** In which order postponed rows are tried. */
  #turns(): Load['turnOf'] {
    const turns = new Map([...this.#postponed.keys()].map((op, turn) => [op, turn]));
    return ({ row }) => turns.get(row.op);
  }

  /** What waits may be what keeps RxDB from handing over what it waits for. */
  #isStalled(queue: readonly Queued[]): boolean {
    const nowMs = this.#platform.now();
    const place = queue.at(-1)?.place ?? 0;
    const isMoving = place !== this.#lastPlace;
    this.#stalledMs = isMoving ? 0 : this.#stalledMs + between(nowMs - this.#lookedAtMs);
    this.#lookedAtMs = nowMs;
    this.#lastPlace = place;
    if (this.#stalledMs < STALL_MS) return false;
    this.#stalledMs = 0;
    return true;
  }

  /** A postponed group, and those over the same documents after it. */
  #lastOf(units: readonly Unit[]): readonly Unit[] {
    const behind = new Set<string>();
    return units.filter(({ items, keys }) => {
      const isLast = items.some(this.isPostponed) || [...keys].some((key) => behind.has(key));
      if (isLast) for (const key of keys) behind.add(key);
      return isLast;
    });
  }
}

const between = (ms: number): number => Math.min(Math.max(ms, 0), LOOK_MS);

const keysOf = (groups: readonly Group[]): ReadonlySet<string> =>
  new Set(groups.flatMap(({ members }) => members.map(keyOfMember)));
