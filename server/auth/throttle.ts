// Guards the log-in against guessing. Attempts are kept in the store, so that they count wherever they
// were made and a restart does not forgive them: one write for each.

import { HttpProblem } from '../errors.ts';
import type { Store } from '../store/port/port.ts';
import { ATTEMPTS, change, read, remove } from './records.ts';
import { hashOf } from './secrets.ts';

const FREE_PER_ACCOUNT = 5;
/** Higher, because a whole office may share an address. */
const FREE_PER_ADDRESS = 50;
/** From anywhere: guesses that come from many addresses. Its wait is short, or anybody could lock
 * somebody out. */
const FREE_FROM_ANYWHERE = 100;
const MAX_WAIT_ANYWHERE_MS = 10_000;
const MAX_WAIT_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 2 * MAX_WAIT_MS;
/** Others have to be quicker this often in a row before somebody is asked to come again. */
const MAX_RACES = 10;
/** Attempts that a sweep removes with one write. */
const SWEPT_AT_ONCE = 500;

/** The first tries are free; then the wait doubles from one second up to a quarter of an hour. */
const waitMs = (count: number, free: number, maxMs: number): number =>
  count < free ? 0 : Math.min(1_000 * 2 ** Math.min(count - free, 20), maxMs);

/** One household of IPv6 has more addresses than anybody could count: the first half names it. */
const networkOf = (address: string): string =>
  address.includes(':') && !address.includes('.')
    ? address.split(':').slice(0, 4).join(':')
    : address;

const tooManyAttempts = (seconds: number): HttpProblem => {
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new HttpProblem('throttled', {
    detail: `Too many attempts. Try again in ${wait}.`,
    retryAfterSeconds: seconds,
  });
};

export class Throttle {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #purpose: string;
  /** By network, the last that waits for its turn. */
  readonly #turns = new Map<string, Promise<unknown>>();

  /** @param purpose Attempts at something else count apart. */
  constructor(store: Store, now: () => number, purpose: string) {
    this.#store = store;
    this.#now = now;
    this.#purpose = purpose;
  }

  /**
   * Counts an attempt before it is checked, so that many at once count as many.
   *
   * @throws {HttpProblem} `throttled`, where the one before was too short a time ago.
   */
  attempt(email: string, address: string): Promise<void> {
    const { account, network, anywhere } = this.#ids(email, address);
    const limits = [
      [account, FREE_PER_ACCOUNT, MAX_WAIT_MS],
      [network, FREE_PER_ADDRESS, MAX_WAIT_MS],
      [anywhere, FREE_FROM_ANYWHERE, MAX_WAIT_ANYWHERE_MS],
    ] as const;
    return this.#inTurn(network, async () => {
      for (let race = 0; race < MAX_RACES; race += 1) {
        const nowMs = this.#now();
        const writes = limits.map(async ([id, free, maxMs]) => {
          const was = await read(this.#store, ATTEMPTS, id);
          const known = was !== undefined && !isForgotten(was.lastMs, nowMs) ? was : undefined;
          const leftMs =
            known === undefined ? 0 : known.lastMs + waitMs(known.count, free, maxMs) - nowMs;
          if (leftMs > 0) throw tooManyAttempts(Math.ceil(leftMs / 1_000));
          return change(ATTEMPTS, id, was, { count: (known?.count ?? 0) + 1, lastMs: nowMs });
        });
        if (await this.#store.writeRecords(await Promise.all(writes))) return;
      }
      throw tooManyAttempts(1);
    });
  }

  succeeded(email: string, address: string): Promise<void> {
    const { account, network, anywhere } = this.#ids(email, address);
    return this.#inTurn(network, async () => {
      for (let race = 0; race < MAX_RACES; race += 1) {
        const was = await read(this.#store, ATTEMPTS, network);
        // Only this attempt is taken back: a good log-in does not pay for guesses at other accounts.
        const oneLess =
          was === undefined || was.count === 0
            ? []
            : [change(ATTEMPTS, network, was, { ...was, count: was.count - 1 })];
        const writes = [remove(ATTEMPTS, account), remove(ATTEMPTS, anywhere), ...oneLess];
        if (await this.#store.writeRecords(writes)) return;
      }
    });
  }

  /** Hashes have one length, and tell nobody who tried from where. */
  #ids(email: string, address: string) {
    const id = (...parts: readonly string[]): string =>
      hashOf(JSON.stringify([this.#purpose, ...parts]));
    const network = networkOf(address);
    return {
      account: id('account', network, email),
      network: id('network', network),
      anywhere: id('anywhere', email),
    };
  }

  /**
   * One after the other, so that a process is hardly in a race with itself; by network, so that
   * whoever sends attempts without end only waits for himself.
   */
  #inTurn(network: string, work: () => Promise<void>): Promise<void> {
    const mine = (this.#turns.get(network) ?? Promise.resolve()).then(work);
    const turn = mine
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(network) === turn) this.#turns.delete(network);
      });
    this.#turns.set(network, turn);
    return mine;
  }
}

const isForgotten = (lastMs: number, nowMs: number): boolean =>
  nowMs - lastMs >= FORGOTTEN_AFTER_MS;

/** Removes attempts that count no more. */
export async function sweepAttempts(store: Store, nowMs: number): Promise<void> {
  const kept = await store.records(ATTEMPTS.name, '');
  const writes = kept.flatMap(({ id, value }) => {
    const attempts = value as NonNullable<typeof ATTEMPTS.value>;
    return isForgotten(attempts.lastMs, nowMs) ? [change(ATTEMPTS, id, attempts, undefined)] : [];
  });
  // What somebody tries anew in this moment keeps its neighbours until the next sweep.
  for (let from = 0; from < writes.length; from += SWEPT_AT_ONCE)
    await store.writeRecords(writes.slice(from, from + SWEPT_AT_ONCE));
}
