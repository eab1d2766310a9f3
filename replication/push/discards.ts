// Operations that were let go, by a person or by this device because no request gets them through:
// they are not sent, and their documents go back to what the server has, as if it had refused them.

import type { Group } from '../outbox/group.ts';
import { collectionOf } from '../outbox/key.ts';
import type { Ledger, Try } from '../outbox/ledger.ts';
import type { WireDocument } from '../protocol/index.ts';
import { isWithdrawn, operationOf, stampsSince, writtenSince } from '../stamp/clock.ts';
import { alone, type Item } from './item.ts';
import type { Sent } from './row.ts';
import type { Waiting } from './selection.ts';
import { keyOfMember, type Unit } from './units.ts';

const FROZEN =
  'This may have reached the server already, so it can’t be discarded now. You can decide when the server has answered.';
const GROWN =
  'A record in this was changed again since, so it can’t be discarded as a whole. It is sent with the next connection.';
const EARLIER =
  'A record in this had changes before that are not sent either, so it can’t be discarded alone. It is sent with the next connection.';

export const CHANGED = 'A record in this was changed again meanwhile, so it was not discarded.';
export const ANSWERED = 'The server has answered this meanwhile. There is nothing left to discard.';

/** Operations, and the groups that they make up in part or as a whole. */
export interface Whole {
  readonly ops: readonly string[];
  readonly groups: readonly Group[];
  /** The documents of the groups. */
  readonly members: ReadonlySet<string>;
}

/** Being decided, durable with a note in the ledger, or back and no longer noted there. */
interface LetGo {
  readonly state: 'asked' | 'noted' | 'back';
  readonly collection?: string | undefined;
}

export interface DiscardsOptions {
  readonly ledger: Pick<Ledger, 'groups' | 'judged'>;
  readonly device: () => string;
  /** The operation by which a document waits now. */
  readonly opOf: (key: string) => string | undefined;
  /** Whether RxDB hands over what is unsent of a collection. */
  readonly isStarted: (collection: string) => boolean;
  /** Whether a member had unsent changes before the group. */
  readonly hasEarlier: (group: Group) => Promise<boolean>;
}

export class Discards {
  readonly #options: DiscardsOptions;
  readonly #ops = new Map<string, LetGo>();
  readonly #groups = new Set<string>();
  /** Documents about which it is being decided, and how often. */
  readonly #keys = new Map<string, number>();
  /** Writes of groups that were let go, and their operations. */
  readonly #stamps = new Map<string, readonly string[]>();

  constructor(options: DiscardsOptions) {
    this.#options = options;
  }

  /** What the ledger has of it. */
  recall(tries: readonly Try[]): void {
    for (const { op, collection, stamps = [] } of tries.filter(({ discarded }) => discarded)) {
      this.#ops.set(op, { state: 'noted', collection });
      for (const stamp of stamps) this.#stamps.set(stamp, [...(this.#stamps.get(stamp) ?? []), op]);
    }
  }

  /** Also while it is being decided. */
  has({ row, key }: Pick<Item, 'row' | 'key'>): boolean {
    return this.#ops.has(row.op) || this.#keys.has(key);
  }
  hasOperation(op: string): boolean {
    return this.#ops.has(op);
  }
  hasDocument(doc: WireDocument): boolean {
    return this.#ops.size > 0 && this.#ops.has(this.#opOf(doc));
  }
  /** Whether a row brings part of a group that was let go. */
  buildsOnLetGo(item: Pick<Item, 'row' | 'turn' | 'assumed'>): boolean {
    const isGivenBack = item.turn === 'again';
    return !isGivenBack && this.#stamps.size > 0 && this.ownChanges(item) !== undefined;
  }
  buildingOnLetGo({ queue, units }: Waiting): readonly Item[] {
    const rows = queue.filter(({ key }) => !units.some(({ keys }) => keys.has(key)));
    return [...rows.map(alone), ...units.flatMap(({ items }) => items)].filter((item) =>
      this.buildsOnLetGo(item),
    );
  }
  /** Of a row that does, what else it changes. */
  ownChanges({ row, assumed }: Pick<Item, 'row' | 'assumed'>): readonly string[] | undefined {
    const { clk = {} } = row.doc;
    // Not the row's base: what the server has lost it had once.
    const known = assumed === undefined || isWithdrawn(assumed) ? {} : assumed.clk;
    const written = writtenSince(clk, known);
    const own = written.filter((entry) => !this.#stamps.has(clk[entry] ?? ''));
    return own.length === written.length ? undefined : own;
  }
  /** Their documents may go back. */
  isDurable(op: string): boolean {
    return (this.#ops.get(op)?.state ?? 'asked') !== 'asked';
  }
  readonly isOpen = (group: Group): boolean => !this.#groups.has(group.id);

  /** The given operations with those of their groups. @throws {Error} with a sentence for people. */
  async wholeOf(ops: readonly string[]): Promise<Whole> {
    const wanted = new Set(ops);
    const open = await this.#options.ledger.groups();
    // A member that was written again since waits by another operation.
    const groups = open.filter((group) =>
      [...this.#opsOf(group), ...this.#waitingOf(group)].some((op) => wanted.has(op ?? '')),
    );
    for (const group of groups) this.#check(group);
    for (const group of groups) if (await this.#options.hasEarlier(group)) throw new Error(EARLIER);
    const all = new Set([...ops, ...groups.flatMap((group) => this.#opsOf(group))]);
    const members = new Set(groups.flatMap((group) => group.members.map(keyOfMember)));
    return { ops: [...all], groups, members };
  }

  #waitingOf({ members }: Group): readonly (string | undefined)[] {
    return members.map((member) => this.#options.opOf(keyOfMember(member)));
  }
  #opsOf({ members }: Group): readonly string[] {
    return members.map(({ doc }) => this.#opOf(doc));
  }
  #opOf({ clk = {}, _deleted }: WireDocument): string {
    return operationOf(clk, _deleted === true, this.#options.device());
  }

  #check(group: Group): void {
    if (group.frozen) throw new Error(FROZEN);
    const waiting = this.#waitingOf(group);
    if (this.#opsOf(group).some((op, at) => op !== waiting[at])) throw new Error(GROWN);
  }

  /** Groups without rows of their own for what a member had before and was let go. */
  withoutLetGo(units: readonly Unit[]): readonly Unit[] {
    if (this.#ops.size === 0) return units;
    const isKept = ({ group, row }: Item): boolean =>
      group !== undefined || !this.isDurable(row.op);
    return units.map((unit) => ({ ...unit, items: unit.items.filter(isKept) }));
  }

  /**
   * None of them is taken into a request until `end`, nor any state of these documents and those of
   * their groups; after that, those that were not added are sent as if nobody had asked.
   */
  async hold(
    ops: readonly string[],
    asked: readonly string[],
  ): Promise<{ readonly end: () => void }> {
    const whole = await this.wholeOf(ops);
    const keys = new Set([...asked, ...whole.members]);
    for (const key of keys) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    for (const op of whole.ops) this.#ops.set(op, this.#ops.get(op) ?? { state: 'asked' });
    for (const { id } of whole.groups) this.#groups.add(id);
    const end = (): void => {
      for (const key of keys) {
        const left = (this.#keys.get(key) ?? 1) - 1;
        if (left > 0) this.#keys.set(key, left);
        else this.#keys.delete(key);
      }
      if (whole.ops.every((op) => this.isDurable(op))) return;
      for (const op of whole.ops) if (!this.isDurable(op)) this.#ops.delete(op);
      for (const { id } of whole.groups) this.#groups.delete(id);
    };
    return { end };
  }

  /**
   * Resolves when it is durable that they are not sent any more, nor what builds on the groups.
   *
   * @param ops with the documents of which they are.
   */
  async add(ops: ReadonlyMap<string, string>, groups: readonly Group[]): Promise<void> {
    const stamps = new Map(
      groups.flatMap(({ members }) =>
        members.map(({ doc, before }) => [this.#opOf(doc), stampsSince(doc.clk, before?.clk)]),
      ),
    );
    const discarded = [...ops].map(([op, key]): Try => {
      const written = stamps.get(op);
      const collection = collectionOf(key);
      return { op, collection, attempts: 0, discarded: true, ...(written && { stamps: written }) };
    });
    await this.#options.ledger.judged({
      groups: groups.map(({ id }) => id),
      refused: [],
      finished: [],
      tried: [],
      discarded,
    });
    this.recall(discarded);
    for (const { id } of groups) this.#groups.add(id);
  }

  /** Their documents are back; what RxDB still hands over of them is let go as long as this page lives. */
  async done(ops: readonly string[]): Promise<void> {
    const tried = ops.filter((op) => this.#ops.get(op)?.state === 'noted');
    if (tried.length === 0) return;
    await this.#options.ledger.judged({ groups: [], refused: [], finished: [], tried });
    for (const op of tried) this.#ops.set(op, { state: 'back' });
  }

  /** So nothing that was let go is here any more, but in what this program does not open. */
  nothingWaits(): Promise<void> {
    const { isStarted } = this.#options;
    const here = [...this.#ops].filter(([, { collection = '' }]) => isStarted(collection));
    return this.done(here.map(([op]) => op));
  }

  /**
   * Documents have come to rest.
   *
   * @param waits whether one was written again: that may hold part of a group, too.
   */
  async settled(rows: readonly Sent[], waits: (row: Sent) => boolean): Promise<void> {
    if (this.#ops.size === 0) return;
    const ops = rows.flatMap((row) => {
      const parts = Object.values(row.doc.clk ?? {}).flatMap(
        (stamp) => this.#stamps.get(stamp) ?? [],
      );
      return waits(row) && parts.length > 0 ? [] : [this.#opOf(row.doc), ...parts];
    });
    await this.done(ops);
  }
}
