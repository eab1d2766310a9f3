// A few devices in front of the server's judge, each with its copy of one document, in the simplest
// form: they edit what they have, send it, repeat what they sent, and fetch what stands.

import type { PushRow, WireDocument } from '../../replication/index.ts';
import type { Collection } from '../../schemas/index.ts';
import type { Judged } from '../../server/accept/accept.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import { makeDevice, type Device } from '../support/device.ts';
import { openJudges, type Judges } from '../support/judges.ts';

/** Ada has two devices. */
export const USERS = ['ada', 'bea', 'ada'] as const;

export interface Said {
  readonly row: PushRow;
  readonly outcome: Judged;
  readonly by: number;
}

/** One value that somebody wrote. */
interface Wrote {
  readonly user: string;
  readonly field: string;
  readonly value: unknown;
}

interface Copy {
  base: WireDocument | undefined;
  doc: WireDocument | undefined;
}

export class People {
  readonly judges: Judges = openJudges({ open: openMemoryStore });
  /** How far the clock of whoever writes now is ahead. */
  aheadMs = 0;
  readonly said: Said[] = [];
  readonly wrote: Wrote[] = [];
  /** Values that somebody replaced or deleted having seen them. */
  readonly replaced = new Set<unknown>();
  readonly #collection: Collection;
  readonly #devices: readonly Device[];
  readonly #copies: Copy[];
  readonly #sent: { readonly row: PushRow; readonly by: number }[] = [];
  #count = 0;

  constructor(collection: Collection) {
    this.#collection = collection;
    const now = (): number => this.judges.clock.nowMs + this.aheadMs;
    this.#devices = ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'].map((id) => makeDevice(id, now));
    this.#copies = USERS.map(() => ({ base: undefined, doc: undefined }));
  }

  unique(): number {
    return (this.#count += 1);
  }

  device(by: number): Device {
    const device = this.#devices[by];
    if (device === undefined) throw new Error(`There is no device ${by}.`);
    return device;
  }

  #copy(by: number): Copy {
    return this.#copies[by] ?? { base: undefined, doc: undefined };
  }

  make(by: number, fields: Readonly<Record<string, unknown>>): void {
    this.#copy(by).doc = this.device(by).make(this.#collection, { id: 'one', ...fields });
    this.#note(by, fields);
  }

  edit(by: number, fields: Readonly<Record<string, unknown>>): void {
    this.judges.clock.nowMs += 7;
    const copy = this.#copy(by);
    if (copy.doc === undefined || copy.doc._deleted === true) return;
    for (const field of Object.keys(fields)) this.replaced.add(copy.doc[field]);
    copy.doc = this.device(by).edit(this.#collection, copy.doc, fields);
    this.#note(by, fields);
  }

  #note(by: number, fields: Readonly<Record<string, unknown>>): void {
    const user = USERS[by] ?? '';
    for (const [field, value] of Object.entries(fields)) this.wrote.push({ user, field, value });
  }

  remove(by: number): void {
    this.judges.clock.nowMs += 7;
    const copy = this.#copy(by);
    if (copy.doc === undefined || copy.doc._deleted === true) return;
    for (const value of Object.values(copy.doc)) this.replaced.add(value);
    copy.doc = this.device(by).remove(copy.doc);
  }

  /** The row that the device would send now; undefined where it has nothing to say. */
  row(by: number): PushRow | undefined {
    const { doc, base } = this.#copy(by);
    if (doc === undefined || doc === base) return undefined;
    return this.device(by).row(this.#collection, doc, base);
  }

  /** Sends what the device has; its answer may get lost, and then it keeps what it started from. */
  async send(by: number, isAnswerLost: boolean, forged: object = {}): Promise<void> {
    const row = this.row(by);
    if (row === undefined) return;
    const told = { ...row, doc: { ...row.doc, ...forged } };
    this.#sent.push({ row: told, by });
    await this.#push(told, by);
    if (!isAnswerLost) await this.fetch(by);
  }

  /** Sends again what was sent before, by whomever. */
  async repeat(which: number): Promise<void> {
    const again = this.#sent[which % Math.max(1, this.#sent.length)];
    if (again !== undefined) await this.#push(again.row, again.by);
  }

  async fetch(by: number): Promise<void> {
    const stored = await this.stored();
    Object.assign(this.#copy(by), { base: stored, doc: stored });
  }

  stored(): Promise<WireDocument | undefined> {
    return this.judges.stored(this.#collection.name, 'one');
  }

  async #push(row: PushRow, by: number): Promise<void> {
    const pusher = this.judges.pusher(USERS[by] ?? '');
    const { results } = await this.judges.push(this.device(by), [row], pusher);
    const [outcome] = results;
    if (outcome !== undefined) this.said.push({ row, outcome, by });
  }
}
