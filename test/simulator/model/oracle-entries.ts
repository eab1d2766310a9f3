// The oracle's view of what waits for a person: one entry for each document and author, and what
// each decision about it does, in the order in which decisions arrive.

import type { Oracle, Verdict } from './oracle.ts';
import { entriesOf, same } from './values.ts';
import type { Sent, Watch } from './watch.ts';

type Values = ReadonlyMap<string, unknown>;

interface Waiting {
  state: 'open' | 'settled' | 'information';
  /** The waiting version, and the commit in which it last changed. */
  mine: Values;
  mineAt: number;
  /** The stamp of the author's own change of it. */
  mineStamp?: string | undefined;
  /** The version of the document that the entry shows, likewise. */
  theirs: Values;
  theirsAt: number;
  resolution?: unknown;
  settledBy?: string;
  /** The document's last change when it was settled. */
  settledAt?: number;
}

const says = (verdict: string, code?: string): Verdict => ({ verdict, code });
const sameValues = (left: Values, right: Values): boolean =>
  same(Object.fromEntries(left), Object.fromEntries(right));

export class Entries {
  readonly #oracle: Oracle;
  readonly #watch: Pick<Watch, 'waiting' | 'stampIn'>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #seen = new Set<string>();
  /** Stamps of decisions and versions that were taken. */
  readonly stamps = new Set<string>();

  /** @param watch says what the server alone makes: ids of entries, and stamps of its own writes. */
  constructor(oracle: Oracle, watch: Pick<Watch, 'waiting' | 'stampIn'>) {
    this.#oracle = oracle;
    this.#watch = watch;
  }

  /** By document and author. */
  all = (): ReadonlyMap<string, Readonly<Waiting>> => this.#waiting;

  open(row: Sent, mine: Values): void {
    const name = `${row.key} ${row.user}`;
    const known = this.#waiting.get(name);
    const theirs = this.#oracle.fieldsOf(row.key);
    const { seq } = row;
    this.#waiting.set(name, {
      state: 'open',
      mine,
      mineAt: known !== undefined && sameValues(known.mine, mine) ? known.mineAt : seq,
      theirs,
      theirsAt: known !== undefined && sameValues(known.theirs, theirs) ? known.theirsAt : seq,
    });
  }

  judge(row: Sent): Verdict {
    const verdict = this.#judge(row);
    if (verdict.verdict === 'accepted')
      for (const stamp of Object.values(row.clk)) this.stamps.add(stamp);
    return verdict;
  }

  #judge(row: Sent): Verdict {
    const { doc, base } = row;
    const name = this.#watch.waiting.get(String(doc['id'])) ?? '';
    const [about = ''] = name.split(' ');
    const entry = this.#waiting.get(name);
    if (entry === undefined) return this.#putAway(row);
    const from = base?.rev ?? 0;
    const brings = (field: string): boolean =>
      row.clk[field] !== undefined &&
      row.clk[field] !== row.base?.clk[field] &&
      !this.#oracle.isRefused(row, row.clk[field]);
    if (brings('mine')) {
      const mine = entriesOf('feedings', doc['mine'] as Record<string, unknown>);
      if (!sameValues(mine, entry.mine)) {
        if (entry.state !== 'open') return says('rejected', 'not_open');
        if (doc['author'] !== row.user) return says('rejected', 'forbidden');
        Object.assign(entry, { mine, mineAt: row.seq, mineStamp: row.clk['mine'] });
      }
    }
    const isOwn = entry.mineStamp !== undefined && entry.mineStamp === row.clk['mine'];
    const { resolution } = doc;
    if (!brings('resolution') || same(resolution, entry.resolution)) return says('accepted');
    const isShown = (entry.mineAt <= from || isOwn) && entry.theirsAt <= from;
    return this.#resolve(row, about, entry, isShown);
  }

  /** Information has nothing to decide: it is put away once. */
  #putAway(row: Sent): Verdict {
    const { choice } = (row.doc['resolution'] ?? {}) as { choice?: string };
    if (choice !== 'seen' || this.#seen.has(row.key)) {
      const isSame = this.#seen.has(row.key) && choice === 'seen';
      return isSame ? says('accepted') : says('rejected', 'not_open');
    }
    this.#seen.add(row.key);
    return says('accepted');
  }

  #resolve(row: Sent, about: string, entry: Waiting, isShown: boolean): Verdict {
    const { choice = 'undo' } = (row.doc['resolution'] ?? {}) as { choice?: string };
    if (choice === 'seen') {
      if (entry.state !== 'information') return says('rejected', 'not_open');
      this.#finish(row, entry);
      return says('accepted');
    }
    if (entry.state === 'information') return says('rejected', 'not_open');
    if (choice === 'undo')
      return entry.state === 'open' ? says('accepted') : this.#undo(row, about, entry);
    if (entry.state === 'open') return this.#settle(row, about, entry, isShown);
    if (entry.settledBy !== row.user) return says('superseded', 'settled_before');
    const undone = this.#undo(row, about, entry);
    return undone.verdict === 'accepted' ? this.#settle(row, about, entry, isShown) : undone;
  }

  #undo(row: Sent, about: string, entry: Waiting): Verdict {
    const { changedAt, isGone } = this.#oracle;
    if (entry.settledAt === undefined || isGone(about)) return says('rejected', 'not_open');
    if (changedAt(about) !== entry.settledAt) return says('rejected', 'moved_on');
    const { choice } = (entry.resolution ?? {}) as { choice?: string };
    if (choice !== 'theirs') this.#write(row, about, entry.theirs);
    this.#reopen(entry);
    return says('accepted');
  }

  #reopen(entry: Waiting): void {
    entry.state = 'open';
    delete entry.resolution;
    delete entry.settledBy;
    delete entry.settledAt;
  }

  #settle(row: Sent, about: string, entry: Waiting, isShown: boolean): Verdict {
    if (this.#oracle.isGone(about)) {
      entry.state = 'information';
      return says('superseded', 'deleted');
    }
    const { choice, merged } = row.doc['resolution'] as { choice: string; merged?: object };
    const now = this.#oracle.fieldsOf(about);
    if (!isShown || !sameValues(now, entry.theirs)) {
      if (!sameValues(now, entry.theirs)) entry.theirsAt = row.seq;
      entry.theirs = now;
      delete entry.resolution;
      return says('superseded', 'moved_on');
    }
    if (choice === 'mine') this.#write(row, about, entry.mine);
    if (choice === 'merge') this.#write(row, about, entriesOf('feedings', { ...merged }));
    this.#finish(row, entry);
    entry.settledAt = this.#oracle.changedAt(about);
    return says('accepted');
  }

  #finish(row: Sent, entry: Waiting): void {
    entry.state = 'settled';
    entry.resolution = row.doc['resolution'];
    entry.settledBy = row.user;
  }

  /** The server writes what was decided, as a device of its own: any inbox may have it then. */
  #write(row: Sent, about: string, values: Values): void {
    const now = this.#oracle.fieldsOf(about);
    for (const entry of new Set([...now.keys(), ...values.keys()]))
      if (!same(now.get(entry), values.get(entry)))
        this.#oracle.write(
          { ...row, key: about, device: 'the server', user: '' },
          entry,
          values.get(entry),
          this.#watch.stampIn(about, row.seq, entry),
        );
  }
}
