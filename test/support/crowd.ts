// Clients of the wire protocol that go on whatever happens to the servers: writers that send a batch
// until it is acknowledged, and readers that pull and then follow a stream. Each has a server that is
// its own, and now and then asks the other one.

import { setTimeout as pause } from 'node:timers/promises';
import { collections, type Random } from '../../schemas/index.ts';
import type { PullResponse, PushResponse, StreamEvent } from '../../replication/index.ts';
import { makeDevice } from './device.ts';
import { readEvents } from './event-reader.ts';
import { call, type Answer } from './live-server.ts';
import { until } from './until.ts';

const { movements, pins, products } = collections;
const SCHEMA = { movements: 0, pins: 0, products: 0 };
const NAMES = Object.keys(SCHEMA);
/** As a client's own pause, so that a server that is away is not asked without end. */
const RETRY_MS = 50;

export interface Place {
  readonly key: string;
  readonly random: Random;
  /** One's own server first. */
  readonly urls: readonly [string, string];
}

const urlFor = ({ random, urls }: Place): string => urls[random.integer(1, 4) === 1 ? 1 : 0];

/** A server that cannot answer says when to come again. */
const isAway = (answer: Answer | undefined, problems: string[]): boolean => {
  if (answer === undefined) return true;
  if (answer.status !== 503) return false;
  if (answer.headers.get('Retry-After') === null) problems.push('a 503 without Retry-After');
  return true;
};

/** The product that all movements are of. */
export function productBody(): string {
  const device = makeDevice('ffffffffff');
  const tea = { id: 'tea', name: 'Tea', sku: 'T', priceMinor: 1, stock: 0, reorderLevel: 0 };
  const rows = [device.row(products, device.make(products, tea))];
  return JSON.stringify({ device: device.id, schema: SCHEMA, rows });
}

export class Writer {
  readonly acknowledged: { readonly id: string; readonly op: string }[] = [];
  readonly problems: string[] = [];
  /** Answers that had to be asked for again. */
  repeated = 0;
  readonly #place: Place;
  readonly #device;
  #made = 0;

  constructor(index: number, place: Place) {
    this.#place = place;
    this.#device = makeDevice(`${index}`.repeat(10));
  }

  /** Until `isOver`, and then until the last batch is acknowledged. */
  async write(isOver: () => boolean, onAnswer: () => void): Promise<void> {
    while (!isOver()) {
      const rows = this.#batch();
      const body = JSON.stringify({ device: this.#device.id, schema: SCHEMA, rows });
      const answer = await this.#send(body);
      if (answer.status !== 200) {
        this.problems.push(`a push was answered ${answer.status}: ${answer.text}`);
        return;
      }
      const { results } = answer.json() as unknown as PushResponse;
      for (const [index, { op, doc }] of rows.entries()) {
        const { verdict, op: about } = results[index] ?? {};
        if (verdict !== 'accepted' || about !== op)
          this.problems.push(`${op} was answered ${JSON.stringify(results[index])}`);
        this.acknowledged.push({ id: String(doc['id']), op });
      }
      onAnswer();
    }
  }

  async #send(body: string): Promise<Answer> {
    for (;;) {
      const { key } = this.#place;
      const asked = call(urlFor(this.#place), key, '/api/sync/push', body);
      const answer = await asked.catch(() => undefined);
      if (answer !== undefined && !isAway(answer, this.problems)) return answer;
      this.repeated += 1;
      await pause(RETRY_MS);
    }
  }

  #batch() {
    const { random } = this.#place;
    return Array.from({ length: random.integer(1, 4) }, () => {
      const id = `${this.#device.id}-${(this.#made += 1)}`;
      if (random.integer(1, 2) === 1) {
        const movement = { id, product: 'tea', amount: random.integer(1, 9), reason: 'delivery' };
        return this.#device.row(movements, this.#device.make(movements, movement));
      }
      const position = { lat: 0, lng: 0 };
      const pin = { id, title: id, position, kind: 'site', status: 'open', notes: '' };
      return this.#device.row(pins, this.#device.make(pins, pin));
    });
  }
}

type Documents = StreamEvent['documents'];

/** What a reader was given at once: all that there is of the commits after `from` up to `to`. */
export interface Given {
  readonly from: number;
  readonly to: number;
  /** With the commit of each. Products change and are left out. */
  readonly revs: ReadonlyMap<string, number>;
}

export class Reader {
  readonly given: Given[] = [];
  readonly problems: string[] = [];
  /** How often a stream ended under it. */
  broken = 0;
  position = 0;
  readonly #place: Place;
  #checkpoint: string | null = null;
  #stock = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  async read(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const url = urlFor(this.#place);
      if (await this.#pull(url)) await this.#follow(url, isOver);
      await pause(RETRY_MS);
    }
  }

  /** Whether there was an answer. */
  async #pull(url: string): Promise<boolean> {
    const asked = NAMES.map((name) => [name, this.#checkpoint]);
    const body = { collections: Object.fromEntries(asked), limit: 5_000 };
    const answer = await call(url, this.#place.key, '/api/sync/pull', body).catch(() => undefined);
    if (answer === undefined || isAway(answer, this.problems)) return false;
    if (answer.status !== 200) {
      this.problems.push(`a pull was answered ${answer.status}: ${answer.text}`);
      return false;
    }
    const { collections: pages, upTo } = answer.json() as unknown as PullResponse;
    const all = Object.entries(pages);
    if (all.some(([, { more }]) => more)) this.problems.push('a page was cut');
    const documents = Object.fromEntries(all.map(([name, page]) => [name, page.documents]));
    this.#take({ from: this.position, to: upTo, documents });
    this.#checkpoint = pages['pins']?.checkpoint ?? null;
    return true;
  }

  async #follow(url: string, isOver: () => boolean): Promise<void> {
    const stream = await readEvents(`${url}/api/sync/stream?collections=${NAMES.join(',')}`, {
      Authorization: `Bearer ${this.#place.key}`,
      'Last-Event-ID': this.#checkpoint ?? '',
    }).catch(() => undefined);
    if (stream === undefined || stream.status === 503) return;
    if (stream.status !== 200) this.problems.push(`a stream was answered ${stream.status}`);
    let taken = 0;
    const take = (): boolean => {
      // Asked first: what came before the end is taken with it.
      const ended = stream.ended() || isOver();
      for (const { name, data } of stream.events.slice(taken)) {
        taken += 1;
        if (name !== '') continue;
        const event = JSON.parse(data) as StreamEvent;
        this.#take(event);
        this.#checkpoint = event.checkpoint;
      }
      return ended;
    };
    await until(take, 'the end of the stream', Number.POSITIVE_INFINITY);
    stream.stop();
    if (!isOver()) this.broken += 1;
  }

  #take({ from, to, documents }: Omit<StreamEvent, 'checkpoint'>): void {
    if (from > this.position || to < this.position)
      this.problems.push(`at ${this.position} came ${from} to ${to}`);
    const revs = new Map<string, number>();
    for (const name of ['pins', 'movements'])
      for (const { id, rev = 0 } of documents[name] ?? []) revs.set(String(id), rev);
    this.given.push({ from: this.position, to, revs });
    this.position = to;
    this.#checkStock(documents);
  }

  /** A movement and the stock that it makes come together. */
  #checkStock(documents: Documents): void {
    for (const { amount } of documents['movements'] ?? []) this.#stock += Number(amount);
    for (const { stock } of documents['products'] ?? [])
      if (stock !== this.#stock)
        this.problems.push(`at ${this.position}: stock ${String(stock)}, moved ${this.#stock}`);
  }
}
