// What must come of a history, judged naively: a list of everything that arrived, in the order in
// which the server took it, and the words of the design (sections 2 and 4), read literally. Shares
// no code with merging or judging.

import { Entries } from './oracle-entries.ts';
import { BELONGS, BY_A_PERSON, FIRST_COMES, FIXED } from './oracle-rules.ts';
import { entriesOf, same } from './values.ts';
import type { Sent, Watch } from './watch.ts';

/** A value that arrived, whether it stands or not; `*` is the making and `-` the deletion. */
export interface Event {
  readonly key: string;
  readonly entry: string;
  readonly value: unknown;
  readonly stamp: string;
  readonly device: string;
  readonly user: string;
  readonly seq: number;
}

/** What somebody wrote and the document does not show. */
export interface Lost {
  readonly user: string;
  readonly key: string;
  readonly entry: string;
  readonly value: unknown;
  readonly why: string;
}

export interface Verdict {
  readonly verdict: string;
  readonly code: string | undefined;
}
const says = (verdict: string, code?: string): Verdict => ({ verdict, code });

export class Oracle {
  events: Event[] = [];
  lost: Lost[] = [];
  readonly entries: Entries;
  /** With the commit that says so. */
  readonly #refused = new Map<string, number>();
  readonly #purged = new Set<string>();

  constructor(watch: Pick<Watch, 'waiting' | 'stampIn'>) {
    this.entries = new Entries(this, watch);
  }

  /** The value that stands, or that stood at a commit. */
  current(key: string, entry: string, upTo = Number.POSITIVE_INFINITY): Event | undefined {
    const written = this.events.filter(
      (event) => event.key === key && event.entry === entry && event.seq <= upTo,
    );
    const [collection = ''] = key.split('/');
    if ([...FIRST_COMES, ...BY_A_PERSON].includes(collection)) return written.at(-1);
    return written.reduce<Event | undefined>(
      (top, event) => (top === undefined || event.stamp > top.stamp ? event : top),
      undefined,
    );
  }

  isGone = (key: string): boolean => this.current(key, '-') !== undefined;

  /** The seq of the last change of a document. */
  changedAt = (key: string): number =>
    Math.max(0, ...this.events.filter((event) => event.key === key).map(({ seq }) => seq));

  /** What a living document holds. */
  fieldsOf(key: string): Map<string, unknown> {
    const names = new Set(this.events.filter((event) => event.key === key).map((one) => one.entry));
    const fields = new Map<string, unknown>();
    for (const entry of names) {
      const value = this.current(key, entry)?.value;
      if (entry !== '*' && entry !== '-' && value !== undefined) fields.set(entry, value);
    }
    return fields;
  }

  /** All living documents, by `collection/id`. */
  documents(): Map<string, Map<string, unknown>> {
    const keys = this.events.filter(({ entry }) => entry === '*').map(({ key }) => key);
    const living = keys.filter((key) => !this.isGone(key));
    return new Map(living.toSorted().map((key) => [key, this.fieldsOf(key)]));
  }

  /** The sum of a product's movements. */
  stockOf(product: string): number {
    const moved = [...this.documents()].filter(
      ([key, fields]) => key.startsWith('movements/') && fields.get('product') === product,
    );
    return moved.reduce((sum, [, fields]) => sum + Number(fields.get('amount')), 0);
  }

  /** Up to a commit, what is deleted and what was refused is forgotten; ids of the dead are not. */
  purge(floor: number): void {
    for (const [stamp, seq] of this.#refused) if (seq <= floor) this.#refused.delete(stamp);
    for (const { key } of this.events)
      if (this.isGone(key) && this.changedAt(key) <= floor) this.#purged.add(key);
  }

  /** One push: its rows one after the other, groups together, references at the end. */
  judgePush(rows: readonly Sent[]): readonly Verdict[] {
    const before = { events: this.events, lost: this.lost };
    const dangling = new Set<Sent>();
    for (;;) {
      this.events = [...before.events];
      this.lost = [...before.lost];
      const again = new Map(this.#refused);
      const verdicts = this.#judgeOnce(rows, dangling);
      const found = rows.find(
        (row) => !dangling.has(row) && this.#isMade(row, before.events) && this.#dangles(row),
      );
      if (found === undefined) return verdicts;
      dangling.add(found);
      this.#refused.clear();
      for (const [stamp, seq] of again) this.#refused.set(stamp, seq);
    }
  }

  #isMade = (row: Sent, before: readonly Event[]): boolean =>
    this.events.some(({ key, entry }) => key === row.key && entry === '*') &&
    !before.some(({ key, entry }) => key === row.key && entry === '*');

  #dangles(row: Sent): boolean {
    if (this.isGone(row.key)) return false;
    return (BELONGS[row.collection] ?? []).some(([field, to, mayOutlive]) => {
      const id = row.doc[field];
      if (typeof id !== 'string') return false;
      const there = this.current(`${to}/${id}`, '*') !== undefined;
      return !there || (!mayOutlive && this.isGone(`${to}/${id}`));
    });
  }

  #judgeOnce(rows: readonly Sent[], dangling: ReadonlySet<Sent>): readonly Verdict[] {
    const verdicts = new Map<Sent, Verdict>();
    for (const row of rows) {
      if (verdicts.has(row)) continue;
      const group = row.group;
      const unit =
        group === undefined ? [row] : rows.filter((other) => other.group?.id === group.id);
      const kept = { events: [...this.events], lost: [...this.lost] };
      const decided = unit.map((one) =>
        dangling.has(one) ? says('rejected', 'missing_reference') : this.#judge(one),
      );
      const isWhole = group === undefined || unit.length === group.size;
      const holds = (one: Verdict): boolean => ['accepted', 'merged'].includes(one.verdict);
      const refuses = group !== undefined && !(isWhole && decided.every(holds));
      if (refuses) ({ events: this.events, lost: this.lost } = kept);
      unit.forEach((one, index) => {
        const own = decided[index] ?? says('');
        const code = isWhole ? 'group_refused' : 'group_incomplete';
        const verdict = refuses ? says('rejected', holds(own) ? code : own.code) : own;
        verdicts.set(one, verdict);
        if (verdict.verdict === 'rejected') this.#refuse(one);
      });
    }
    return rows.map((row) => verdicts.get(row) ?? says(''));
  }

  /** The stamps of a refused row are lost, but for those that stand already. */
  #refuse(row: Sent): void {
    for (const stamp of Object.values(row.clk))
      if (!this.#stands(row, stamp)) this.#refused.set(`${row.user} ${stamp}`, row.recordedAt);
  }

  #stands = (row: Sent, stamp: string): boolean =>
    this.events.some((event) => event.key === row.key && event.stamp === stamp) ||
    (row.collection === 'conflicts' && !stamp.includes(`-${row.device}`)) ||
    this.entries.stamps.has(stamp);

  isRefused = (row: Sent, stamp: string): boolean =>
    this.#refused.has(`${row.user} ${stamp}`) && !this.#stands(row, stamp);

  #judge(row: Sent): Verdict {
    const { '*': made = '', '-': deleted } = row.clk;
    if ([made, deleted].some((stamp) => stamp !== undefined && this.isRefused(row, stamp)))
      return says('rejected', 'refused_before');
    if (row.collection === 'conflicts') return this.entries.judge(row);
    const there = this.current(row.key, '*');
    if (there === undefined) return this.#make(row);
    if (!this.isGone(row.key)) return this.#change(row, there);
    if (deleted !== undefined) return says('accepted');
    for (const [entry] of entriesOf(row.collection, row.doc))
      if (!this.isRefused(row, row.clk[entry] ?? made)) this.#loseOwn(row, entry, 'deleted');
    return says('superseded', this.#purged.has(row.key) ? 'gone' : 'deleted');
  }

  lose(user: string, key: string, entry: string, value: unknown, why: string): void {
    this.lost.push({ user, key, entry, value, why });
  }

  write(row: Sent, entry: string, value: unknown, stamp: string): void {
    const { key, device, user, seq } = row;
    this.events.push({ key, entry, value, stamp, device, user, seq });
  }

  #make(row: Sent): Verdict {
    const made = row.clk['*'] ?? '';
    this.write(row, '*', true, made);
    for (const [entry, value] of entriesOf(row.collection, row.doc))
      this.write(row, entry, value, row.clk[entry] ?? made);
    if (row.clk['-'] !== undefined) this.write(row, '-', true, row.clk['-']);
    return says('accepted');
  }

  #change(row: Sent, there: Event): Verdict {
    const { key, clk, collection, device } = row;
    // A row without a base comes after an answer that was lost: it stands on the making, and brings
    // all that it wrote since, whether that arrived with the making or not.
    const from = row.base?.rev ?? there.seq;
    const baseStamp = (entry: string): string =>
      (row.base && this.current(key, entry, from)?.stamp) ?? there.stamp;
    const brought = Object.keys(clk).filter((entry) => entry !== '*');
    const taken = brought.filter((entry) => this.isRefused(row, clk[entry] ?? ''));
    const changed = brought.filter(
      (entry) => !taken.includes(entry) && clk[entry] !== baseStamp(entry),
    );
    const isConcurrent = (entry: string): boolean => {
      const now = this.current(key, entry);
      // What stands and is brought again is known to who brings it.
      const isKnown = now?.stamp === baseStamp(entry) || now?.stamp === clk[entry];
      return now !== undefined && !isKnown && now.device !== device;
    };
    if (FIRST_COMES.includes(collection) && changed.some(isConcurrent)) {
      for (const entry of changed) this.#loseOwn(row, entry, 'overtaken');
      return says('superseded', 'overtaken');
    }
    const hasArrived = (entry: string): boolean =>
      this.events.some((event) => event.key === key && event.stamp === clk[entry]);
    const isByAPerson = BY_A_PERSON.includes(collection);
    // It was taken once, and the record of that was purged.
    if (isByAPerson && changed.length > 0 && changed.every(hasArrived)) return says('accepted');
    if (isByAPerson && clk['-'] === undefined) {
      const unknown = this.events.some(
        (event) => event.key === key && event.seq > from && event.device !== device,
      );
      if (unknown) return this.#leave(row, changed, taken);
    }
    const values = entriesOf(collection, row.doc);
    const broken = changed.find(
      (entry) =>
        FIXED[collection]?.includes(entry) &&
        !same(values.get(entry), this.current(key, entry)?.value),
    );
    if (broken !== undefined) return says('rejected', 'immutable');
    return this.#merge(row, changed, taken.length > 0, isConcurrent, baseStamp);
  }

  #loseOwn(row: Sent, entry: string, why: string): void {
    const value = entriesOf(row.collection, row.doc).get(entry);
    if (entry !== '-' && !same(value, this.current(row.key, entry)?.value))
      this.lose(row.user, row.key, entry, value, why);
  }

  #leave(row: Sent, changed: readonly string[], taken: readonly string[]): Verdict {
    const own = entriesOf(row.collection, row.doc);
    for (const entry of taken) own.set(entry, this.current(row.key, entry)?.value);
    const now = this.fieldsOf(row.key);
    const names = [...new Set([...own.keys(), ...now.keys()])];
    const differ = names.some((name) => !same(own.get(name), now.get(name)));
    if (!differ || changed.length === 0) return says('accepted');
    for (const entry of changed) this.#loseOwn(row, entry, 'concurrent');
    this.entries.open(row, own);
    return says('conflict', 'concurrent');
  }

  #merge(
    row: Sent,
    changed: readonly string[],
    wasTaken: boolean,
    isConcurrent: (entry: string) => boolean,
    baseStamp: (entry: string) => string,
  ): Verdict {
    const { key, clk } = row;
    const values = entriesOf(row.collection, row.doc);
    if (clk['-'] !== undefined)
      for (const [entry] of this.fieldsOf(key)) {
        const now = this.current(key, entry);
        if (now !== undefined && now.stamp !== baseStamp(entry) && now.device !== row.device)
          this.lose(now.user, key, entry, now.value, 'deleted with it');
      }
    let lost = 0;
    for (const entry of changed) {
      const stamp = clk[entry] ?? '';
      const now = this.current(key, entry);
      if (now?.stamp === stamp) continue;
      const loses = stamp < (now?.stamp ?? '');
      if (loses) {
        lost += 1;
        this.#loseOwn(row, entry, 'earlier');
      } else if (now !== undefined && isConcurrent(entry) && !same(now.value, values.get(entry)))
        this.lose(now.user, key, entry, now.value, 'overwritten');
      if (!loses || !this.events.some((one) => one.key === key && one.stamp === stamp))
        this.write(row, entry, entry === '-' ? true : values.get(entry), stamp);
    }
    if (lost === 0) return wasTaken ? says('merged', 'refused_before') : says('accepted');
    return lost < changed.length ? says('merged', 'merged') : says('superseded', 'overtaken');
  }
}
