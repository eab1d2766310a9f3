// A server of the sync protocol in memory, behind a fetch function, with faults on demand. It judges
// by merging fields; what is tested here is the client.

import type { HttpRequest, HttpResponse } from '../../../replication/plugin/platform.ts';
import {
  mergeFieldLww,
  type PullRequest,
  type PushRequest,
  type PushResult,
  type PushRow,
  type StreamEvent,
  type WireDocument,
} from '../../../replication/index.ts';
import type { Collection } from '../../../schemas/index.ts';

type Refusal = Pick<PushResult, 'verdict' | 'code' | 'message'>;
/** What happens to a request: nothing special, an HTTP answer, lost before or after its effect. */
export type Fate = 'go' | 'lose request' | 'lose answer' | 'hang' | HttpAnswer;
export interface HttpAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export class FakeServer {
  readonly requests: Request[] = [];
  readonly claims: Request[] = [];
  readonly streams: FakeStream[] = [];
  readonly documents = new Map<string, WireDocument>();
  readonly events: StreamEvent[] = [];
  epoch = 'e1';
  seq = 0;
  pageSize = 1_000;
  nowMs: () => number = () => Date.now();
  judge: (row: PushRow, stored: WireDocument | undefined) => Refusal | undefined = () => undefined;
  fate: (request: Request) => Fate | Promise<Fate> = () => 'go';
  /** Runs after a request has taken effect and before it is answered. */
  beforeAnswer: (request: Request) => void | Promise<void> = () => {};
  /** What a stream reader gets for a commit; by default the commit's event. */
  deliver: (event: StreamEvent) => readonly StreamEvent[] = (event) => [event];
  readonly #collections: ReadonlyMap<string, Collection>;
  readonly #verdicts = new Map<string, Refusal>();

  constructor(collections: readonly Collection[]) {
    this.#collections = new Map(collections.map((collection) => [collection.name, collection]));
  }

  count(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }
  get pushes(): readonly PushRequest[] {
    return this.requests
      .filter(({ path }) => path === '/api/sync/push')
      .map(({ body }) => body as PushRequest);
  }
  get rows(): readonly PushRow[] {
    return this.pushes.flatMap(({ rows }) => rows);
  }
  stored(collection: string, id: string): WireDocument | undefined {
    return this.documents.get(`${collection}/${id}`);
  }

  /** Everything is gone, as if another file had been put in its place. */
  lose(): void {
    this.documents.clear();
    this.#verdicts.clear();
    this.events.length = 0;
  }

  /** A commit by somebody else. */
  write(collection: string, ...documents: readonly WireDocument[]): number {
    this.seq += 1;
    const written = documents.map((document) => {
      const whole = { ...document, rev: this.seq, updatedAt: this.#time(), updatedBy: 'server' };
      this.documents.set(`${collection}/${String(document['id'])}`, whole);
      return whole;
    });
    this.#publish({ [collection]: written });
    return this.seq;
  }

  readonly fetch = async (url: string, request: HttpRequest): Promise<HttpResponse> => {
    const { pathname, searchParams } = new URL(url);
    const seen: Request = {
      path: pathname,
      method: request.method,
      headers: request.headers,
      body: request.body === undefined ? undefined : JSON.parse(request.body),
    };
    (pathname === '/api/sync/device' ? this.claims : this.requests).push(seen);
    const fate = await this.fate(seen);
    if (fate === 'lose request') throw new TypeError('fetch failed');
    if (fate === 'hang') return new Promise(() => {});
    if (typeof fate === 'object') return answer(fate.status, fate.body ?? {}, fate.headers);
    const response = this.#route(seen, searchParams, request);
    await this.beforeAnswer(seen);
    if (fate === 'lose answer') throw new TypeError('terminated');
    return response;
  };

  #route(seen: Request, search: URLSearchParams, request: HttpRequest): HttpResponse {
    if (seen.path === '/api/sync/push') return this.#push(seen.body as PushRequest);
    if (seen.path === '/api/sync/pull') return this.#pull(seen.body as PullRequest);
    if (seen.path === '/api/sync/stream') return this.#stream(seen, search, request);
    if (seen.path === '/api/sync/device') return answer(200, { copied: false, now: this.nowMs() });
    return answer(404, {});
  }

  #push(request: PushRequest): HttpResponse {
    const changed: Record<string, WireDocument[]> = {};
    const next = this.seq + 1;
    const results = request.rows.map((row): PushResult => {
      const { op, collection } = row;
      const key = `${collection}/${String(row.doc['id'])}`;
      const stored = this.documents.get(key);
      const known = this.#verdicts.get(op);
      if (known !== undefined)
        return { op, ...known, duplicate: true, ...(stored === undefined ? {} : { doc: stored }) };
      const refusal = this.judge(row, stored);
      this.#verdicts.set(op, refusal ?? { verdict: 'accepted' });
      if (refusal !== undefined)
        return { op, ...refusal, ...(stored === undefined ? {} : { doc: stored }) };
      const definition = this.#collections.get(collection);
      if (definition === undefined) throw new Error(`No collection ${collection}`);
      const isFresh =
        stored === undefined || (stored._deleted === true && stored.clk?.['-'] === undefined);
      const merged = isFresh ? row.doc : mergeFieldLww(definition, stored, row.doc);
      const author = isFresh ? { createdBy: 'u1' } : { createdBy: stored.createdBy ?? 'u1' };
      const whole = { ...merged, ...author, rev: next, updatedAt: this.#time(), updatedBy: 'u1' };
      this.documents.set(key, whole);
      (changed[collection] ??= []).push(whole);
      const isPlain = isFresh || stored.rev === row.base?.rev;
      return { op, verdict: 'accepted', ...(isPlain ? {} : { doc: whole }) };
    });
    const commit = { rev: next, updatedAt: this.#time(), updatedBy: 'u1' };
    const hasChanges = Object.keys(changed).length > 0;
    if (hasChanges) {
      this.seq = next;
      this.#publish(changed);
    }
    return answer(200, {
      results,
      ...(hasChanges ? { commit } : {}),
      head: this.seq,
      epoch: this.epoch,
      now: this.nowMs(),
    });
  }

  #pull(request: PullRequest): HttpResponse {
    const upTo = request.upTo ?? this.seq;
    const pages: Record<string, unknown> = {};
    for (const [name, checkpoint] of Object.entries(request.collections)) {
      const [epoch, at] = (checkpoint ?? `${this.epoch}:0`).split(':');
      if (epoch !== this.epoch) return answer(410, { code: 'resync_required', reason: 'epoch' });
      const later = [...this.documents]
        .filter(
          ([key, { rev = 0 }]) => key.startsWith(`${name}/`) && rev > Number(at) && rev <= upTo,
        )
        .map(([, document]) => document)
        .toSorted((left, right) => (left.rev ?? 0) - (right.rev ?? 0));
      const documents = later.slice(0, this.pageSize);
      const more = documents.length < later.length;
      const reached = more ? (documents.at(-1)?.rev ?? 0) : upTo;
      const left = more && request.upTo === undefined ? later.length - documents.length : undefined;
      pages[name] = {
        documents,
        checkpoint: `${this.epoch}:${reached}`,
        more,
        ...(left === undefined ? {} : { left }),
      };
    }
    return answer(200, { collections: pages, epoch: this.epoch, upTo, now: this.nowMs() });
  }

  #stream(seen: Request, search: URLSearchParams, request: HttpRequest): HttpResponse {
    const [epoch, at] = (seen.headers['Last-Event-ID'] ?? '').split(':');
    if (epoch !== this.epoch) return answer(410, { code: 'resync_required', reason: 'epoch' });
    const names = (search.get('collections') ?? '').split(',');
    const stream = new FakeStream(names, () => request.signal.aborted);
    this.streams.push(stream);
    stream.write(': connected\n\n');
    for (const event of this.events) if (event.to > Number(at)) stream.send(event);
    return {
      status: 200,
      headers: { get: (name) => (name === 'Content-Type' ? 'text/event-stream' : null) },
      text: () => Promise.resolve(''),
      body: stream,
    };
  }

  #publish(documents: Record<string, readonly WireDocument[]>): void {
    const event = {
      from: this.seq - 1,
      to: this.seq,
      checkpoint: `${this.epoch}:${this.seq}`,
      documents,
    };
    this.events.push(event);
    for (const sent of this.deliver(event)) for (const stream of this.streams) stream.send(sent);
  }

  #time(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.seq * 1_000).toISOString();
  }
}

/** One reader's stream; what is written to it is split into small chunks. */
export class FakeStream {
  readonly #names: readonly string[];
  readonly #isGone: () => boolean;
  #chunks: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #isOpen = true;

  constructor(names: readonly string[], isGone: () => boolean) {
    this.#names = names;
    this.#isGone = isGone;
  }
  get isOpen(): boolean {
    return this.#isOpen && !this.#isGone();
  }

  send(event: StreamEvent): void {
    const documents = Object.fromEntries(
      Object.entries(event.documents).filter(([name]) => this.#names.includes(name)),
    );
    this.write(`id: ${event.checkpoint}\ndata: ${JSON.stringify({ ...event, documents })}\n\n`);
  }
  write(text: string): void {
    if (!this.isOpen) return;
    this.#chunks.push(new TextEncoder().encode(text));
    this.#wake?.();
  }
  end(): void {
    this.#isOpen = false;
    this.#wake?.();
  }
  getReader() {
    return {
      read: async (): Promise<{ done: boolean; value?: Uint8Array }> => {
        while (this.#chunks.length === 0 && this.#isOpen)
          await new Promise<void>((resolve) => (this.#wake = resolve));
        const value = this.#chunks.shift();
        return value === undefined ? { done: true } : { done: false, value };
      },
      cancel: () => Promise.resolve(this.end()),
    };
  }
}

function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { get: (name) => headers[name] ?? null },
    text: () => Promise.resolve(JSON.stringify(body)),
    body: null,
  };
}
