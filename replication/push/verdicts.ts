// What the server has judged is written down before its documents come to rest: refused versions for
// a person, finished records for who looks later.

import type { Journal } from '../activity/journal.ts';
import { changesOf, labelOf, nameOf } from '../outbox/label.ts';
import { FINISHED_LIMIT, type Ledger, type RefusedWrite, type Try } from '../outbox/ledger.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import type { PushResult } from '../protocol/index.ts';
import { refusalOf, stands } from './answer.ts';
import type { Item } from './item.ts';

export interface Answered {
  readonly item: Item;
  readonly result: PushResult;
  /** What is to be tried again of it, where that is not all. */
  readonly changed?: readonly string[] | undefined;
}

interface Refusal {
  readonly item: Item;
  readonly write: RefusedWrite;
}

export interface VerdictsOptions {
  readonly ledger: Pick<Ledger, 'judged'>;
  readonly outbox: LocalOutbox;
  readonly journal: Journal;
  readonly serverNowMs: () => number;
  readonly isLetGo: (op: string) => boolean;
}

/** So many refusals of one answer have an entry of their own in the journal. */
const MOST_SINGLE = 5;

export class Verdicts {
  readonly #options: VerdictsOptions;

  constructor(options: VerdictsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when it is durable.
   *
   * @param discarded what is not to be sent any more.
   */
  async judged(answered: readonly Answered[], discarded: readonly Try[] = []): Promise<void> {
    const { ledger, outbox, serverNowMs, isLetGo } = this.#options;
    const nowMs = serverNowMs();
    const news = answered.filter(({ item, result }) => this.#isNews(item, result));
    const refusals = news.flatMap(({ item, result, changed }): readonly Refusal[] => {
      const write = refusalOf(item, result, nowMs);
      return write === undefined
        ? []
        : [{ item, write: { ...write, ...(changed && { changed }) } }];
    });
    const refused = refusals.map(({ write }) => write);
    const groups = new Set(answered.flatMap(({ item }) => item.group?.id ?? []));
    const standing = news.filter(({ result }) => stands(result.verdict));
    const finished = standing.slice(-FINISHED_LIMIT).map(({ item, result }) => ({
      ...outbox.finished({ ...item, op: item.row.op }, result.verdict, nowMs),
      ...(item.group && { group: { id: item.group.id, label: item.group.label } }),
    }));
    const judged = answered.filter(({ item }) => outbox.attemptsOf(item.key) > 0);
    const tried = [
      ...judged.map(({ item }) => item.row.op),
      ...outbox.takeStale().filter((op) => !isLetGo(op)),
    ];
    const count = groups.size + refused.length + finished.length + tried.length;
    if (count + discarded.length === 0) return;
    await ledger.judged({ groups: [...groups], refused, finished, tried, discarded });
    this.#report(standing, refusals);
  }

  /** That somebody else was faster says nothing about what has its verdict long since. */
  #isNews(item: Item, result: PushResult): boolean {
    if (this.#options.outbox.isJudged(item)) return false;
    return item.turn === 'first' || result.verdict === 'rejected';
  }

  #report(standing: readonly Answered[], refusals: readonly Refusal[]): void {
    const { journal } = this.#options;
    const about = standing.map(({ item }) => ({ collection: item.row.collection, id: item.id }));
    journal.counted('sent', standing.length, sent, about);
    if (refusals.length > MOST_SINGLE) {
      journal.note({
        kind: 'error',
        code: 'refused',
        message: `${changesOf(refusals.length)} were not accepted.`,
        records: refusals.map(({ write }) => write),
      });
      return;
    }
    for (const { item, write } of refusals) {
      const isRejected = write.verdict === 'rejected';
      const { collection, doc } = item;
      journal.note({
        kind: isRejected ? 'error' : 'conflict',
        code: isRejected ? 'refused' : 'conflict',
        message: `${labelOf(collection, kindOf(item), nameOf(collection, doc))}: ${write.message}`,
        detail: write.code,
        records: [write],
      });
    }
  }
}

const sent = (count: number): string => `Sent ${changesOf(count)}.`;
const kindOf = ({ row }: Item): 'insert' | 'update' | 'delete' => {
  if (row.doc._deleted === true) return 'delete';
  return row.base === undefined ? 'insert' : 'update';
};
