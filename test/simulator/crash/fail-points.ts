// Where a device can die: before and after each of its calls to storage, ledger and server, told
// apart by what the call is for; of requests also while they are under way. Nothing in the product
// knows of it.

/** `before`, `during` or `after`, and the call. */
export type PointName = string;

/** Where a life ends: at the `at`-th passing of `point`, counted from 1, or of any point. */
export interface Death {
  readonly point?: PointName;
  readonly at: number;
}

/** The steps of a write's way, each of which has to be there; RxDB's own words are its contexts. */
const STEPS = [
  'ledger: deviceId',
  'ledger: raiseLeader',
  'ledger: leader',
  'ledger: epoch',
  'ledger: setEpoch',
  'ledger: claim',
  'ledger: claimed',
  'ledger: groups',
  'ledger: putGroup',
  'ledger: freezeGroups',
  'ledger: judged',
  'ledger: record',
  'documents: rx-collection-bulk-insert',
  'documents: rx-collection-bulk-remove',
  'documents: rx-document-save-data',
  'documents: incremental-write',
  'documents: together',
  'documents: replication-up-write-conflict',
  'documents: replication-downstream',
  'meta: replication-up-write-conflict-meta',
  'meta: replication-down-write-meta',
  'checkpoint: up',
  'checkpoint: down',
  'request: device',
  'request: push',
  'request: pull',
  'request: stream',
  'stream: chunk',
];
const LATE = ['during request: device', 'during request: push', 'during request: pull'];

const add = (counts: Map<PointName, number>, name: PointName, by = 1): void =>
  void counts.set(name, (counts.get(name) ?? 0) + by);

/** What one life passed. */
export class Passings {
  readonly counts = new Map<PointName, number>();
  #all = 0;

  /** Whether this is where `death` is to come. */
  pass(point: PointName, death: Death | undefined): boolean {
    this.#all += 1;
    add(this.counts, point);
    if (death === undefined) return false;
    if (death.point === undefined) return this.#all === death.at;
    return death.point === point && this.counts.get(point) === death.at;
  }
}

/** How often each point was passed and how often a device died there, over all runs. */
export class Register {
  readonly #passed = new Map<PointName, number>();
  readonly #died = new Map<PointName, number>();

  add({ counts }: Passings, diedAt: PointName | undefined): void {
    for (const [point, count] of counts) add(this.#passed, point, count);
    if (diedAt !== undefined) add(this.#died, diedAt);
  }

  get deaths(): number {
    return [...this.#died.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Points that were passed, or must be, and at which nothing has died. */
  get missed(): readonly PointName[] {
    const steps = STEPS.flatMap((step) => [`before ${step}`, `after ${step}`]);
    const points = new Set([...steps, ...LATE, ...this.#passed.keys()]);
    return [...points].filter((point) => !this.#died.has(point)).toSorted();
  }

  /** One line for each call: how often it was made, and the deaths around it. */
  table(): string {
    const calls = new Set([...this.#passed.keys()].map((point) => point.replace(/^\S+ /, '')));
    const lines = [...calls].toSorted().map((call) => {
      const deaths = ['before', 'during', 'after'].map((when) =>
        String(this.#died.get(`${when} ${call}`) ?? 0).padStart(8),
      );
      const made = this.#passed.get(`before ${call}`) ?? 0;
      return `${call.padEnd(50)}${String(made).padStart(8)}${deaths.join('')}`;
    });
    return [`${'killed'.padEnd(50)}   calls  before  during   after`, ...lines].join('\n');
  }
}
