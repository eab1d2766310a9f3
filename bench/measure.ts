// The measurements, one function each. Rates are documents per second of wall time; CPU is the
// server's own, from its metrics.

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './http.ts';
import { makeRow, pushBody } from './documents.ts';

export interface Rate {
  readonly name: string;
  readonly documents: number;
  readonly perSecond: number;
  readonly cpuSecondsPer1000: number;
  /** How many requests shared a commit, where there were commits. */
  readonly requestsPerCommit?: number;
}

interface Counters {
  readonly cpuSeconds: number;
  readonly pushes: number;
  readonly commits: number;
}

async function counters(client: Client): Promise<Counters> {
  const text = (await client.get('/metrics')).toString();
  const value = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    pushes: value('holdfast_push_requests_total'),
    commits: value('holdfast_commit_duration_seconds_count'),
  };
}

async function rateOf(name: string, client: Client, work: () => Promise<number>): Promise<Rate> {
  const before = await counters(client);
  const startedMs = performance.now();
  const documents = await work();
  const seconds = (performance.now() - startedMs) / 1_000;
  const after = await counters(client);
  const commits = after.commits - before.commits;
  return {
    name,
    documents,
    perSecond: Math.round(documents / seconds),
    cpuSecondsPer1000: Number(
      (((after.cpuSeconds - before.cpuSeconds) / documents) * 1_000).toFixed(4),
    ),
    ...(commits === 0
      ? {}
      : { requestsPerCommit: Number(((after.pushes - before.pushes) / commits).toFixed(1)) }),
  };
}

/** Sends prepared bodies over `lanes` connections at once. */
async function sendAll(client: Client, bodies: readonly string[], lanes: number): Promise<void> {
  const queue = [...bodies];
  const lane = async (): Promise<void> => {
    for (let body = queue.pop(); body !== undefined; body = queue.pop()) {
      const answer = await client.post('/api/sync/push', body);
      if (answer.includes('"rejected"')) throw new Error(answer.toString().slice(0, 500));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

const bodiesOf = (documents: number, batch: number): readonly string[] =>
  Array.from({ length: documents / batch }, () =>
    pushBody(Array.from({ length: batch }, () => makeRow())),
  );

export function push(
  name: string,
  client: Client,
  { documents, batch, lanes }: { documents: number; batch: number; lanes: number },
): Promise<Rate> {
  const bodies = bodiesOf(documents, batch);
  return rateOf(name, client, async () => {
    await sendAll(client, bodies, lanes);
    return documents;
  });
}

/** @throws {Error} where the pages hold another number of documents than expected. */
export function pull(client: Client, expected: number): Promise<Rate> {
  return rateOf('pulled in pages of 1,000', client, async () => {
    let checkpoint = 'null';
    let documents = 0;
    for (let more = true; more;) {
      const body = `{"collections":{"pins":${checkpoint}},"limit":1000}`;
      const answer = await client.post('/api/sync/pull', body);
      const tail = answer.subarray(-300).toString();
      const next = /"checkpoint":("[^"]+")/.exec(tail)?.[1];
      if (next === undefined) throw new Error(`A page without a checkpoint: ${tail}`);
      documents += count(answer, '"clk":');
      checkpoint = next;
      more = tail.includes('"more":true');
    }
    if (documents !== expected) throw new Error(`${documents} of ${expected} documents came.`);
    return documents;
  });
}

/** How often a text stands in a buffer; cheaper than to parse it. */
function count(buffer: Buffer, text: string): number {
  let found = 0;
  for (let at = buffer.indexOf(text); at >= 0; at = buffer.indexOf(text, at + text.length))
    found += 1;
  return found;
}

export interface FanOut {
  readonly readers: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** From before a push of one document until each reader holds its event. */
export async function fanOut(client: Client, readers: number, pushes: number): Promise<FanOut> {
  const latenciesMs: number[] = [];
  let expected = '';
  let startedMs = 0;
  let missing = 0;
  let allThere: () => void = () => undefined;
  const stops = await Promise.all(
    Array.from({ length: readers }, () => {
      let tail = '';
      return client.stream('/api/sync/stream?collections=pins', (chunk) => {
        tail = (tail + chunk.toString()).slice(-4_096);
        if (expected === '' || !tail.includes(expected)) return;
        tail = '';
        latenciesMs.push(performance.now() - startedMs);
        missing -= 1;
        if (missing === 0) allThere();
      });
    }),
  );
  for (let count = 0; count < pushes; count += 1) {
    const title = `mark-${readers}-${count}-`;
    const body = pushBody([makeRow(title)]);
    const arrived = new Promise<void>((resolve) => {
      allThere = resolve;
    });
    missing = readers;
    startedMs = performance.now();
    expected = title;
    await client.post('/api/sync/push', body);
    await arrived;
  }
  for (const stop of stops) stop();
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const at = (share: number): number =>
    Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
  return { readers, p50Ms: at(0.5), p95Ms: at(0.95) };
}

export interface Idle {
  readonly readers: number;
  readonly cpuPercent: number;
}

/** What streams cost on which nothing happens, over some seconds. */
export async function idleStreams(client: Client, readers: number, seconds: number): Promise<Idle> {
  const open = () => client.stream('/api/sync/stream?collections=pins', () => undefined);
  const stops = await Promise.all(Array.from({ length: readers }, open));
  const before = await counters(client);
  await pause(seconds * 1_000);
  const cpu = (await counters(client)).cpuSeconds - before.cpuSeconds;
  for (const stop of stops) stop();
  return { readers, cpuPercent: Number(((cpu / seconds) * 100).toFixed(2)) };
}
