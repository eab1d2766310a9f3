// A sorted list that is read once and then follows changes. Each change is put in its place as it
// comes; the page is told less often when showing costs more, so that receiving 100,000 records
// neither takes the page's time nor grows quadratic.

export interface Change<Doc> {
  readonly id: string;
  /** Undefined when it is gone. */
  readonly doc: Doc | undefined;
  /** Somebody else did it just now. */
  readonly foreign: boolean;
}

/** Where the documents come from. `pages` ends; `follow` calls until it is stopped. */
export interface Source<Doc> {
  pages(): AsyncIterable<readonly Change<Doc>[]>;
  follow(listener: (changes: readonly Change<Doc>[]) => void): () => void;
}

export interface Snapshot<Row> {
  readonly state: 'loading' | 'ready' | 'failed';
  /** Sorted. */
  readonly rows: readonly Row[];
  readonly byId: ReadonlyMap<string, Row>;
  /** Why, when it failed. */
  readonly reason?: string;
}

const SHORTEST_MS = 16;
/** More changes at once than people make. */
const MANY = 50;
const MANY_MS = 250;
const LONGEST_MS = 1_000;

export class LiveList<Doc, Row extends { readonly id: string }> {
  readonly #source: Source<Doc>;
  readonly #toRow: (doc: Doc, foreign: boolean) => Row;
  readonly #compare: (one: Row, other: Row) => number;
  readonly #listeners = new Set<() => void>();
  readonly #byId = new Map<string, Row>();
  #rows: readonly Row[] = [];
  #snapshot: Snapshot<Row> = { state: 'loading', rows: this.#rows, byId: this.#byId };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = SHORTEST_MS;
  #untold = 0;
  #stop: (() => void) | undefined;

  constructor(
    source: Source<Doc>,
    toRow: (doc: Doc, foreign: boolean) => Row,
    compare: (one: Row, other: Row) => number,
  ) {
    this.#source = source;
    this.#toRow = toRow;
    this.#compare = compare;
  }

  readonly snapshot = (): Snapshot<Row> => this.#snapshot;

  /** The first listener makes it read; it then stays current for as long as the source lives. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#stop) void this.#read();
    return () => this.#listeners.delete(listener);
  };

  /** After a failure. */
  readonly retry = (): void => {
    this.#stop?.();
    void this.#read();
  };

  async #read(): Promise<void> {
    this.#tell('loading');
    // What changed while pages were read is newer than the pages.
    const touched = new Set<string>();
    let reading = true;
    this.#stop = this.#source.follow((changes) => {
      if (reading) for (const { id } of changes) touched.add(id);
      this.#take(changes);
    });
    try {
      for await (const page of this.#source.pages())
        this.#take(page.filter(({ id }) => !touched.has(id)));
      this.#tell('ready');
    } catch (cause) {
      this.#tell('failed', String(cause));
    } finally {
      reading = false;
    }
  }

  #take(changes: readonly Change<Doc>[]): void {
    const changed = new Map<string, Row | undefined>();
    for (const { id, doc, foreign } of changes) changed.set(id, doc && this.#toRow(doc, foreign));
    const fresh: Row[] = [];
    let replaced = false;
    for (const [id, row] of changed) {
      replaced ||= this.#byId.has(id);
      if (row) {
        this.#byId.set(id, row);
        fresh.push(row);
      } else this.#byId.delete(id);
    }
    const kept = replaced ? this.#rows.filter(({ id }) => !changed.has(id)) : this.#rows;
    this.#rows = mergeSorted(kept, fresh.toSorted(this.#compare), this.#compare);
    this.#untold += changes.length;
    if (this.#timer === undefined) this.#tellSoon();
  }

  #tellSoon(): void {
    const pauseMs = Math.max(this.#pauseMs, this.#untold > MANY ? MANY_MS : 0);
    // Not an animation frame: those stand still in hidden tabs, and changes would pile up.
    this.#timer = setTimeout(() => this.#tell(this.#snapshot.state), pauseMs);
  }

  #tell(state: Snapshot<Row>['state'], reason?: string): void {
    clearTimeout(this.#timer);
    this.#untold = 0;
    const startedMs = performance.now();
    this.#snapshot = {
      state,
      rows: this.#rows,
      byId: this.#byId,
      ...(reason === undefined ? {} : { reason }),
    };
    for (const listener of this.#listeners) listener();
    // React draws after the listeners have returned.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const tookMs = performance.now() - startedMs;
      this.#pauseMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, tookMs * 4));
      if (this.#untold > 0) this.#tellSoon();
    });
  }
}

/** Merges few into many: a binary search for each of the few, the stretches between copied whole. */
export const mergeSorted = <Row>(
  many: readonly Row[],
  few: readonly Row[],
  compare: (one: Row, other: Row) => number,
): readonly Row[] => {
  if (few.length === 0) return many;
  if (many.length === 0) return few;
  const merged: Row[] = [];
  let from = 0;
  for (const row of few) {
    let [low, high] = [from, many.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = many[middle];
      if (other !== undefined && compare(other, row) <= 0) low = middle + 1;
      else high = middle;
    }
    for (; from < low; from += 1) {
      const before = many[from];
      if (before !== undefined) merged.push(before);
    }
    merged.push(row);
  }
  return merged.concat(many.slice(from));
};
