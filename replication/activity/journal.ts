// Writes down what the device does and measures. Many notes of a moment are one write, and what goes
// on and on is one entry that grows, so that a night of failures does not push out the day before.

import type { Platform } from '../plugin/platform.ts';
import type { Trouble } from '../plugin/retry.ts';
import type { Timing } from '../plugin/types.ts';
import type { Ledger } from '../outbox/ledger.ts';
import type { Activity, Sample } from './activity.ts';

type Noted = Omit<Activity, 'id' | 'atMs'>;
type About = NonNullable<Activity['records']>[number];

/** How long an entry that counts goes on growing. */
const GROWS_MS = 60_000;
const MOST_RECORDS = 20;

const TROUBLE: Readonly<Record<Trouble['kind'], string>> = {
  unreachable: 'The server could not be reached. What you write is kept on this device.',
  waiting: 'Sending or receiving did not work. What you write is kept; it is tried again.',
  outdated: 'The server is newer than this page. What you write is kept; reload to sync.',
  notMember: 'You are not a member of this workspace. What you write is kept on this device.',
  loggedOut: 'The session has ended. What you write is kept; log in to sync.',
};

export interface JournalOptions {
  readonly platform: Platform;
  readonly ledger: Pick<Ledger, 'record'>;
  readonly timing: Pick<Timing, 'journalMs'>;
  readonly failed: (error: unknown) => void;
}

export class Journal {
  readonly #platform: Platform;
  readonly #ledger: Pick<Ledger, 'record'>;
  readonly #journalMs: number;
  readonly #failed: (error: unknown) => void;
  readonly #activities = new Map<string, Activity>();
  #samples: Sample[] = [];
  #count = 0;
  #cancel: (() => void) | undefined;
  #growing:
    | { readonly entry: Activity; readonly count: number; readonly untilMs: number }
    | undefined;
  readonly #troubles = new Map<string, Trouble['kind']>();

  constructor({ platform, ledger, timing, failed }: JournalOptions) {
    this.#platform = platform;
    this.#ledger = ledger;
    this.#journalMs = timing.journalMs;
    this.#failed = failed;
  }

  /** Of the records, the first are kept. */
  note({ records, ...noted }: Noted): void {
    this.#growing = undefined;
    this.#put(this.#make({ ...noted, ...(records && { records: firstOf(records) }) }));
  }

  /** One entry for many that follow each other: `Sent 12 changes.` */
  counted(
    code: Activity['code'],
    count: number,
    words: (count: number) => string,
    records: readonly About[] = [],
  ): void {
    if (count === 0) return;
    const growing = this.#growing;
    const goesOn =
      growing !== undefined &&
      growing.entry.code === code &&
      this.#platform.now() < growing.untilMs;
    const sum = count + (goesOn ? growing.count : 0);
    const known = goesOn ? (growing.entry.records ?? []) : [];
    const noted: Noted = {
      kind: 'info',
      code,
      message: words(sum),
      records: firstOf([...known, ...records]),
    };
    const entry = goesOn ? { ...growing.entry, ...noted } : this.#make(noted);
    const untilMs = goesOn ? growing.untilMs : this.#platform.now() + GROWS_MS;
    this.#growing = { entry, count: sum, untilMs };
    this.#put(entry);
  }

  /** Noted when a kind of trouble begins, and when the last one has ended. */
  trouble(request: string, trouble: Trouble | undefined): void {
    const before = new Set(this.#troubles.values());
    if (trouble === undefined) this.#troubles.delete(request);
    else this.#troubles.set(request, trouble.kind);
    if (trouble !== undefined && !before.has(trouble.kind))
      this.note({
        kind: 'error',
        code: 'trouble',
        message: TROUBLE[trouble.kind],
        detail: trouble.message,
      });
    if (before.size > 0 && this.#troubles.size === 0)
      this.note({ kind: 'info', code: 'recovered', message: 'Syncing goes on again.' });
  }

  sample(sample: Sample): void {
    this.#samples.push(sample);
    this.#plan();
  }

  #make(noted: Noted): Activity {
    const atMs = this.#platform.now();
    this.#count += 1;
    const time = Math.max(0, atMs).toString(16).padStart(12, '0');
    const place = this.#count.toString(16).padStart(6, '0');
    return { ...noted, id: `${time}${place}-${this.#platform.randomHex(6)}`, atMs };
  }

  #put(entry: Activity): void {
    this.#activities.set(entry.id, entry);
    this.#plan();
  }

  #plan(): void {
    this.#cancel ??= this.#platform.after(this.#journalMs, () => void this.flush());
  }

  /** Resolves when everything is written, or the storage has refused it. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const activities = [...this.#activities.values()];
    const samples = this.#samples;
    if (activities.length + samples.length === 0) return;
    this.#activities.clear();
    this.#samples = [];
    await this.#ledger.record({ activities, samples }).catch(this.#failed);
  }
}

/** Without what else is known of them. */
const firstOf = (records: readonly About[]): readonly About[] =>
  records.slice(0, MOST_RECORDS).map(({ collection, id }) => ({ collection, id }));
