// A network between one client and a real server that loses, repeats, delays and reorders, by a
// seed. It also watches: which rows were pushed, and what became of them.

import { setTimeout as pause } from 'node:timers/promises';
import type { Platform, PushRequest, PushResult } from '../../replication/index.ts';
import type { HttpRequest, HttpResponse } from '../../replication/plugin/platform.ts';
import type { Random } from '../../schemas/index.ts';
import { makeOutages, OUTAGES } from './outages.ts';

export const FAULTS = [
  'lostRequest',
  'lostAnswer',
  'truncated',
  'twiceAtOnce',
  'againLater',
  'delayed',
  'streamCut',
  'streamSilent',
  'offline',
  ...OUTAGES,
] as const;
export type Fault = (typeof FAULTS)[number];
export type FaultCounts = Record<Fault, number>;

export const noFaults = (): FaultCounts =>
  Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as FaultCounts;

/** An open stream shows so often that it lives, as a server's heartbeats do. */
export const BEAT_MS = 100;

/** One verdict that reached the client. */
export interface Delivered {
  readonly id: string;
  readonly result: PushResult;
}

export interface FaultyNetwork {
  readonly platform: Partial<Platform>;
  readonly setOnline: (online: boolean) => void;
  /** From now on everything arrives, once and at once. */
  readonly heal: () => Promise<void>;
  /** How many requests were made. */
  readonly requests: () => number;
  readonly delivered: readonly Delivered[];
  /** Rows pushed again although their verdict had reached the client. */
  readonly needless: readonly string[];
}

type Fetch = Platform['fetch'];
/** Means nothing wherever in an event it comes. */
const BEAT = { done: false, value: new Uint8Array() };

export function makeFaultyNetwork(random: Random, counts: FaultCounts): FaultyNetwork {
  const delivered: Delivered[] = [];
  const settled = new Set<string>();
  const needless: string[] = [];
  const late: Promise<unknown>[] = [];
  const wakers = new Set<(why: 'online' | 'offline' | 'visible') => void>();
  let online = true;
  let healed = false;
  let requests = 0;

  const chance = (percent: number): boolean => !healed && random.integer(1, 1_000) <= 10 * percent;
  const strike = (fault: Fault, percent: number): boolean => {
    if (!chance(percent)) return false;
    counts[fault] += 1;
    return true;
  };
  const send: Fetch = (url, request) => fetch(url, request as RequestInit);
  const count = (fault: Fault): void => void (counts[fault] += 1);
  const outage = makeOutages(random, count, () => chance(2), send);

  const exchange = async (
    url: string,
    request: HttpRequest,
  ): Promise<HttpResponse & { readonly whole: boolean }> => {
    if (strike('lostRequest', 10)) throw new TypeError('the request was lost');
    if (strike('delayed', 15)) await pause(random.integer(1, 15));
    const first = strike('twiceAtOnce', 8) ? send(url, request) : undefined;
    const [response] = await Promise.all([send(url, request), first]);
    const text = await response.text();
    // A copy of the request that took another way arrives when others have been answered.
    if (strike('againLater', 8)) {
      const copy = { ...request, signal: new AbortController().signal };
      late.push(
        pause(random.integer(5, 40))
          .then(() => send(url, copy))
          .catch(() => undefined),
      );
    }
    if (strike('lostAnswer', 12)) throw new TypeError('the answer was lost');
    if (!online) throw new TypeError('offline');
    const end = strike('truncated', 4) ? random.integer(0, text.length - 1) : text.length;
    return {
      status: response.status,
      headers: response.headers,
      text: async () => text.slice(0, end),
      body: null,
      whole: end === text.length,
    };
  };

  const stream: Fetch = async (url, request) => {
    const response = await send(url, request);
    // A refusal is no stream: it is read as a text.
    const reader = response.status === 200 ? response.body?.getReader() : undefined;
    if (reader === undefined) return response;
    let isSilent = false;
    let reading: ReturnType<typeof reader.read> | undefined;
    const read = async () => {
      // Until whoever reads gives up.
      if (isSilent) await new Promise<never>(() => {});
      reading ??= reader.read();
      const chunk = await Promise.race([reading, pause(BEAT_MS, BEAT)]);
      if (chunk !== BEAT) reading = undefined;
      if (!online || (chunk !== BEAT && strike('streamCut', 20))) {
        await reader.cancel();
        throw new TypeError('the stream was cut');
      }
      isSilent = chunk === BEAT && strike('streamSilent', 2);
      if (isSilent) reader.cancel().catch(() => undefined);
      return chunk;
    };
    const { status, headers } = response;
    return {
      status,
      headers,
      text: () => response.text(),
      body: { getReader: () => ({ read, cancel: () => reader.cancel() }) },
    };
  };

  return {
    delivered,
    needless,
    requests: () => requests,
    setOnline: (now) => {
      online = now;
      if (!now) counts.offline += 1;
      for (const wake of wakers) wake(now ? 'online' : 'offline');
    },
    heal: async () => {
      healed = true;
      await Promise.all(late);
    },
    platform: {
      online: () => online,
      onWake: (run) => {
        wakers.add(run);
        return () => wakers.delete(run);
      },
      fetch: async (url, request) => {
        requests += 1;
        if (!online) throw new TypeError('offline');
        const instead = healed ? undefined : await outage(url, request);
        if (instead !== undefined) return instead;
        if (request.method === 'GET') return stream(url, request);
        if (!url.endsWith('/push')) return exchange(url, request);
        const { rows } = JSON.parse(request.body ?? '') as PushRequest;
        for (const { op } of rows) if (settled.has(op)) needless.push(op);
        const response = await exchange(url, request);
        if (response.status !== 200 || !response.whole) return response;
        const { results } = JSON.parse(await response.text()) as { results: PushResult[] };
        results.forEach((result, index) => {
          settled.add(result.op);
          delivered.push({ id: String(rows[index]?.doc['id']), result });
        });
        return response;
      },
    },
  };
}
