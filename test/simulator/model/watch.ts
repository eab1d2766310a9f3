// Looks over the server's shoulder: every row that arrives, in the order in which it is judged, and
// every commit, which must keep the promises that hold at any moment.

import type { PushRow, WireDocument } from '../../../replication/index.ts';
import type { JudgedPush, Pusher } from '../../../server/accept/accept.ts';
import type { CommitTurn, CommitWrite, Store } from '../../../server/store/port/port.ts';
import type { LiveServer } from '../../support/live-server.ts';
import { until } from '../../support/until.ts';

const MAX_AHEAD_MS = 60_000;

/** A row as it arrived, with what the server made of stamps from the future. */
export interface Sent extends PushRow {
  readonly key: string;
  readonly clk: Readonly<Record<string, string>>;
  readonly device: string;
  readonly user: string;
  readonly seq: number;
  /** The commit that its verdict and the fates of its stamps are purged with. */
  readonly recordedAt: number;
  readonly verdict: string;
  readonly code: string | undefined;
}

export type Turn = { readonly before: number } & (
  | { readonly kind: 'purged'; readonly floor: number }
  /** What came after the commit `to` is no part of the store any more. */
  | { readonly kind: 'restored' | 'cut'; readonly to: number }
);

/** What a store knows of operations and stamps, and which commits say so. */
interface Memory {
  readonly verdicts: readonly (readonly [op: string, said: string, seq: number])[];
  readonly substitutes: readonly (readonly [stamp: string, by: string, seq: number])[];
}

const timeOf = (stamp: string): number => Number.parseInt(stamp.slice(0, 12), 16);
const nameOf = (stamp: string, user: string): string => `${stamp}~${user.slice(-8)}`;

/** One workspace as the server has dealt with it. */
export class Watch {
  /** The rows of each push that were judged for the first time. */
  readonly pushes: (readonly Sent[])[] = [];
  /** What became of the store meanwhile, each before the push of that number. */
  readonly turns: Turn[] = [];
  /** Requests that are being judged. */
  judging = 0;
  head = 0;
  readonly problems: string[] = [];
  /** The inbox entries that have waited for a person, by id: `collection/id author`. */
  readonly waiting = new Map<string, string>();
  readonly #clocks = new Map<string, WireDocument['clk']>();
  readonly #verdicts = new Map<string, string>();
  /** By stamp, with the seq of the commit that says so. */
  readonly #substitutes = new Map<string, { readonly by: string; readonly seq: number }>();
  readonly #documents = new Map<string, WireDocument>();
  /** Every version of every document, in order. */
  readonly #versions: { readonly key: string; readonly doc: WireDocument }[] = [];
  readonly #recordedAt = new Map<string, number>();
  /** What purges have made the store forget, each after the commit `seq`. */
  #purges: { readonly seq: number; readonly forgotten: Memory }[] = [];
  #seq = 0;

  judged(
    pusher: Pusher,
    device: string,
    rows: readonly PushRow[],
    { results, head, commit }: JudgedPush,
  ): void {
    const first: Sent[] = [];
    rows.forEach((row, index) => {
      const { verdict = '', code, duplicate } = results[index] ?? {};
      const op = nameOf(row.op, pusher.user);
      const said = `${verdict} ${code ?? ''}`;
      const before = this.#verdicts.get(op);
      if (before === undefined) {
        this.#verdicts.set(op, said);
        const { doc, collection } = row;
        const clk = this.#substituted(doc.clk ?? {}, pusher.user);
        const key = `${collection}/${String(doc['id'])}`;
        const seq = commit?.rev ?? head;
        const { user } = pusher;
        const recordedAt = this.#recordedAt.get(op) ?? seq;
        if (verdict === 'conflict' && this.#knows(key, doc.vv))
          this.problems.push(`${key} at ${seq}: in conflict with a version that knows it`);
        first.push({ ...row, key, clk, device, user, seq, recordedAt, verdict, code });
      }
      if ((before !== undefined) !== (duplicate === true) || (before ?? said) !== said)
        this.problems.push(
          `${op} was told ${before ?? 'nothing'} first and ${said} then, duplicate: ${duplicate}`,
        );
    });
    this.pushes.push(first);
  }

  /** Whether the stored version contains all that another one does. */
  #knows(key: string, vector: WireDocument['vv']): boolean {
    const { vv } = this.#documents.get(key) ?? {};
    return (
      vv !== undefined &&
      Object.entries(vector ?? {}).every(([by, stamp]) => stamp <= (vv[by] ?? ''))
    );
  }

  #substituted(clk: Readonly<Record<string, string>>, user: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(clk).map(([entry, stamp]) => [
        entry,
        this.#substitutes.get(nameOf(stamp, user))?.by ?? stamp,
      ]),
    );
  }

  committed(
    { documents, fates, operations }: CommitWrite,
    { seq, updatedAt }: CommitTurn,
    nowMs: number,
  ): void {
    this.#seq = seq;
    for (const { op } of operations) this.#recordedAt.set(op, this.#recordedAt.get(op) ?? seq);
    if (documents.length > 0) this.head = seq;
    for (const [name, fate] of fates)
      if (fate.kind === 'replaced') {
        if (this.#substitutes.has(name)) this.problems.push(`${name} was replaced twice`);
        if (timeOf(name) <= nowMs + MAX_AHEAD_MS - 1_000)
          this.problems.push(`${name} was replaced and is not from the future`);
        this.#substitutes.set(name, { by: fate.by, seq });
      }
    for (const { collection, id, text } of documents) {
      const key = `${collection}/${id}`;
      const doc = JSON.parse(text) as WireDocument;
      const before = this.#documents.get(key);
      const wrong = (what: string): void => void this.problems.push(`${key} at ${seq}: ${what}`);
      for (const stamp of Object.values(doc.clk ?? {}))
        if (timeOf(stamp) > nowMs + MAX_AHEAD_MS + 1_000) wrong(`${stamp} is from the future`);
      if (before?._deleted === true && doc._deleted !== true) wrong('it came back');
      if (doc.rev !== seq || doc.updatedAt !== updatedAt) wrong('its commit is another');
      // An operation whose record was purged may lose the same once more, and its entry is made anew.
      const isAnew = collection === 'conflicts' && this.turns.some(({ kind }) => kind === 'purged');
      for (const field of ['createdAt', 'createdBy'] as const)
        if (before !== undefined && before[field] !== doc[field] && !isAnew)
          wrong(`${field} changed`);
      this.#documents.set(key, doc);
      this.#versions.push({ key, doc });
      // A history that begins anew has the same numbers; the oracle asks about the first.
      const commit = `${key} ${seq}`;
      this.#clocks.set(commit, this.#clocks.get(commit) ?? doc.clk);
      if (collection === 'conflicts' && doc['state'] === 'open')
        this.waiting.set(
          id,
          `${String(doc['collectionName'])}/${String(doc['documentId'])} ${String(doc['author'])}`,
        );
    }
    this.#checkStock(seq);
  }

  #checkStock(seq: number): void {
    const sums = new Map<string, number>();
    for (const [key, doc] of this.#documents)
      if (key.startsWith('movements/') && doc._deleted !== true) {
        const product = String(doc['product']);
        sums.set(product, (sums.get(product) ?? 0) + Number(doc['amount']));
      }
    for (const [key, doc] of this.#documents)
      if (key.startsWith('products/') && doc._deleted !== true) {
        const sum = sums.get(String(doc['id'])) ?? 0;
        if (doc['stock'] !== sum)
          this.problems.push(`${key} at ${seq}: stock ${String(doc['stock'])}, movements ${sum}`);
      }
  }

  /** What is known of repeated rows and stamps goes with the tombstones; documents stay as they were. */
  purged(floor: number): void {
    this.turns.push({ kind: 'purged', floor, before: this.pushes.length });
    const forgotten = this.#forget((seq) => seq <= floor);
    this.#purges.push({ seq: this.#seq, forgotten });
  }

  /** The store is as it was after the commit `to`. */
  takenBack(kind: 'restored' | 'cut', to: number): void {
    this.turns.push({ kind, to, before: this.pushes.length });
    this.head = to;
    this.#seq = to;
    this.#forget((seq) => seq > to);
    // What was purged later than that is there again.
    for (const { seq, forgotten } of this.#purges) if (seq > to) this.#recall(forgotten, to);
    this.#purges = this.#purges.filter(({ seq }) => seq <= to);
    this.#documents.clear();
    const kept = this.#versions.filter(({ doc: { rev = 0 } }) => rev <= to);
    this.#versions.splice(0, this.#versions.length, ...kept);
    for (const { key, doc } of kept) this.#documents.set(key, doc);
  }

  #forget(isGone: (seq: number) => boolean): Memory {
    const gone = <T>(all: Iterable<readonly [string, T]>, seqOf: (one: T) => number) =>
      [...all].filter(([, one]) => isGone(seqOf(one)));
    const verdicts = gone(this.#recordedAt, (seq) => seq).map(
      ([op, seq]) => [op, this.#verdicts.get(op) ?? '', seq] as const,
    );
    const substitutes = gone(this.#substitutes, ({ seq }) => seq).map(
      ([stamp, { by, seq }]) => [stamp, by, seq] as const,
    );
    for (const [op] of verdicts) {
      this.#recordedAt.delete(op);
      this.#verdicts.delete(op);
    }
    for (const [stamp] of substitutes) this.#substitutes.delete(stamp);
    return { verdicts, substitutes };
  }

  #recall({ verdicts, substitutes }: Memory, to: number): void {
    for (const [op, said, seq] of verdicts)
      if (seq <= to) {
        this.#recordedAt.set(op, seq);
        this.#verdicts.set(op, said);
      }
    for (const [stamp, by, seq] of substitutes)
      if (seq <= to) this.#substitutes.set(stamp, { by, seq });
  }

  /** The stamp that a commit left at an entry; where the server itself wrote, only it knows. */
  stampIn = (key: string, seq: number, entry: string): string =>
    this.#clocks.get(`${key} ${seq}`)?.[entry] ?? '';

  /** The products that the server has. */
  products = (): readonly string[] =>
    [...this.#documents.values()]
      .filter((doc) => 'reorderLevel' in doc && doc._deleted !== true)
      .map((doc) => String(doc['id']));
}

/** Everything that passes through a store, by workspace. */
export class Watches {
  readonly #byWorkspace = new Map<string, Watch>();

  of(workspace: string): Watch {
    const known = this.#byWorkspace.get(workspace) ?? new Watch();
    this.#byWorkspace.set(workspace, known);
    return known;
  }

  /** The store with an eye on its commits. */
  over(store: Store): Store {
    return {
      ...store,
      purge: async (workspace, beforeMs) => {
        const watch = this.of(workspace);
        await until(() => watch.judging === 0, 'the pushes to be judged');
        const purged = await store.purge(workspace, beforeMs);
        watch.purged(purged.floor);
        return purged;
      },
      commit: async (workspace, needs, decide) => {
        let last: readonly [CommitWrite, CommitTurn, number] | undefined;
        const made = await store.commit(workspace, needs, (known, turn) => {
          const decision = decide(known, turn);
          last = [decision.write, turn, Date.now()];
          return decision;
        });
        if (last !== undefined) this.of(workspace).committed(...last);
        return made;
      },
    };
  }

  /** Notes every push that the server judges. */
  attach({ server }: LiveServer): void {
    const { accept } = server.core;
    const push = accept.push.bind(accept);
    accept.push = async (pusher, request) => {
      const watch = this.of(pusher.workspace);
      watch.judging += 1;
      try {
        const judged = await push(pusher, request);
        watch.judged(pusher, request.device, request.rows, judged);
        return judged;
      } finally {
        watch.judging -= 1;
      }
    };
  }
}
