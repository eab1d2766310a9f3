// What one request carries: whole groups with what they need, then rows, within its limits.

import { needsOf } from '../outbox/label.ts';
import { MAX_BODY_BYTES } from '../protocol/index.ts';
import { alone, type Item, type Queued } from './item.ts';
import { inSendingOrder } from './order.ts';
import type { Unit } from './units.ts';

/** Room for what stands around the rows: device, epoch, schema versions, commas. */
const ENVELOPE_BYTES = 16 * 1024;

export const isTooLarge = (bytes: number): boolean => bytes + ENVELOPE_BYTES > MAX_BODY_BYTES;

export interface Load {
  readonly queue: readonly Queued[];
  readonly units: readonly Unit[];
  /** Those that go when nothing else can. */
  readonly lastUnits: readonly Unit[];
  /** Documents of open groups: their rows wait for the groups. */
  readonly claimed: ReadonlySet<string>;
  readonly maxRows: number;
  /** The turn of a row that goes when nothing else can, as does what refers to it. */
  readonly turnOf: (row: Item | Queued) => number | undefined;
  /** Whether a document refers to one that is new to the server and does not go with it. */
  readonly mustWait: (item: Item | Queued, goes: (key: string) => boolean) => boolean;
}

/** At most one row of each document, but for what a group's document had unsent before. */
export function takeBatch(load: Load): readonly Item[] {
  const { queue, units, lastUnits, claimed, maxRows, turnOf } = load;
  const batch = new Batch(maxRows);
  const rows = inSendingOrder(
    queue.filter(({ key, turn }) => turn === 'again' || !claimed.has(key)),
  );
  const lastRows = postponed(rows, turnOf);
  const met = new Set<string>();
  addUnits(batch, units, rows, met, load);
  addRows(
    batch,
    rows.filter((row) => !lastRows.includes(row)),
    load,
  );
  const turns = [
    ...lastUnits.map((unit) => ({ unit, turn: turnIn(unit.items, turnOf) })),
    ...lastRows.map((row) => ({ row, turn: turnIn([row], turnOf) })),
  ].toSorted((left, right) => left.turn - right.turn);
  for (const next of turns) {
    if (!batch.isEmpty) break;
    if ('unit' in next) addUnits(batch, [next.unit], rows, met, load);
    else addRows(batch, [next.row], load);
  }
  return batch.items;
}

/** What only refers to postponed rows comes after all of these. */
const turnIn = (items: readonly (Item | Queued)[], turnOf: Load['turnOf']): number =>
  Math.min(...items.map((item) => turnOf(item) ?? Infinity));

/** @param met documents of groups that were looked at: later groups over them wait. */
function addUnits(
  batch: Batch,
  units: readonly Unit[],
  rows: readonly Queued[],
  met: Set<string>,
  { turnOf, mustWait }: Load,
): void {
  for (const { keys, items } of units) {
    const needed = neededBy(items, rows);
    const together = new Set([...keys, ...needed.map(({ key }) => key)]);
    const goes = (key: string): boolean => together.has(key) || batch.has(key);
    const isHeld =
      intersects(keys, met) ||
      needed.some((row) => turnOf(row) !== undefined) ||
      [...needed, ...items].some((item) => mustWait(item, goes));
    for (const key of keys) met.add(key);
    if (isHeld) continue;
    if (batch.add([...needed.map(alone), ...items], needed.length === 0)) continue;
    // What it needs goes ahead of one that does not fit together with it.
    if (batch.isEmpty) for (const row of needed) batch.add([alone(row)], true);
    return;
  }
}

function addRows(batch: Batch, rows: readonly Queued[], { mustWait }: Load): void {
  const left = new Set<string>();
  for (const row of readyOf(rows, mustWait, (key) => batch.has(key))) {
    const isLeft = mustWait(row, (key) => !left.has(key));
    if (!isLeft && batch.add([alone(row)], true)) continue;
    if (!isLeft && !isTooLarge(row.bytes)) return;
    left.add(row.key);
  }
}

/** The rows of which none waits for what is not among them. Those of a circle go together. */
function readyOf(
  rows: readonly Queued[],
  mustWait: Load['mustWait'],
  isSent: (key: string) => boolean,
): readonly Queued[] {
  const keys = new Set(rows.map(({ key }) => key));
  const ready = rows.filter((row) => {
    const waits = mustWait(row, (key) => keys.has(key) || isSent(key));
    if (waits) keys.delete(row.key);
    return !waits;
  });
  return ready.length === rows.length ? ready : readyOf(ready, mustWait, isSent);
}

/** In the order given, in which what is referred to stands first: these and what refers to them. */
function postponed(rows: readonly Queued[], turnOf: Load['turnOf']): readonly Queued[] {
  const last = new Set<string>();
  for (const row of rows)
    if (turnOf(row) !== undefined || needsOf(row.collection, row.doc).some((key) => last.has(key)))
      last.add(row.key);
  return rows.filter(({ key }) => last.has(key));
}

const intersects = (left: Iterable<string>, right: ReadonlySet<string>): boolean =>
  [...left].some((key) => right.has(key));

class Batch {
  readonly items: Item[] = [];
  readonly #maxRows: number;
  readonly #keys = new Set<string>();
  #bytes = ENVELOPE_BYTES;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }
  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  /** All of them or none. `mayExceed`: they may be too much for one request, which is then for them only. */
  add(items: readonly Item[], mayExceed: boolean): boolean {
    const fresh = items.filter(({ key }) => !this.#keys.has(key));
    const bytes = fresh.reduce((sum, item) => sum + item.bytes + 1, 0);
    const isRoom =
      this.#bytes + bytes <= MAX_BODY_BYTES && this.items.length + fresh.length <= this.#maxRows;
    if (!isRoom && !(mayExceed && this.isEmpty)) return false;
    this.items.push(...fresh);
    for (const { key } of fresh) this.#keys.add(key);
    this.#bytes += bytes;
    return true;
  }
}

/** Rows of the queue that these refer to, directly or through each other. */
function neededBy(items: readonly Item[], rows: readonly Queued[]): readonly Queued[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const needed = new Set<Queued>();
  const referring: Pick<Item, 'collection' | 'doc'>[] = [...items];
  // Grows while it is walked.
  for (const { collection, doc } of referring)
    for (const key of needsOf(collection, doc)) {
      const row = byKey.get(key);
      if (row === undefined || needed.has(row)) continue;
      needed.add(row);
      referring.push(row);
    }
  return rows.filter((row) => needed.has(row));
}
