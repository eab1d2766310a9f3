// One event stream for all collections, taken up again from where it was.

import type { Collection } from '../../schemas/index.ts';
import { isRecord } from '../plugin/check.ts';
import type { Failure, Link } from '../plugin/link.ts';
import type { ResyncOrder } from '../plugin/problem.ts';
import type { Platform } from '../plugin/platform.ts';
import type { Retry, Waker } from '../plugin/retry.ts';
import { versionsOf, versionsToText, type StreamEvent } from '../protocol/index.ts';
import { createEventParser, type ServerEvent } from './sse.ts';

export interface StreamOptions {
  readonly platform: Platform;
  readonly link: Link;
  readonly retry: Retry;
  readonly waker: Waker;
  readonly collections: readonly Collection[];
  readonly silenceMs: number;
  readonly firstRetryMs: number;
  readonly stillLeads: () => Promise<boolean>;
  readonly apply: (event: StreamEvent) => void;
  /** The server can't go on from the last event (410). */
  readonly restart: (order: ResyncOrder) => void;
  /** What may be read has changed, or an event made no sense: everything is pulled. */
  readonly pullAll: () => void;
}

const SILENT: Failure = { kind: 'unreachable', message: 'The server said nothing.' };

export class EventStream {
  readonly #options: StreamOptions;
  #last: string | undefined;
  #isRunning = false;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** Opens the stream after this checkpoint, unless it is open already. */
  start(checkpoint: string): void {
    this.#last ??= checkpoint;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run()
      .catch((error: unknown) =>
        this.#options.retry.pause({ kind: 'unreachable', message: String(error) }),
      )
      .finally(() => {
        this.#isRunning = false;
      });
  }

  /** Forgets where it was; `start` says where to go on. */
  reset(): void {
    this.#last = undefined;
  }

  async #run(): Promise<void> {
    const { link, retry, waker, platform, firstRetryMs } = this.#options;
    while (!link.isStopped && this.#last !== undefined) {
      const asked = this.#last;
      const failure = await this.#listen(asked);
      if (link.isStopped) return;
      if (failure?.kind === 'refused' && failure.resync !== undefined) {
        // Forgets the position; the next pull gives one that holds, and starts the stream again. A
        // pull may have found out first.
        if (this.#last === asked) this.#options.restart(failure.resync);
      } else if (failure !== undefined) await retry.pause(failure);
      // A server that closes politely is given a moment: all its readers come back at once.
      else await waker.wait({ kind: 'waiting', delayMs: firstRetryMs * platform.random() });
    }
  }

  /** One connection, until it ends. */
  async #listen(last: string): Promise<Failure | undefined> {
    const { link, retry, collections, silenceMs, stillLeads } = this.#options;
    const parse = createEventParser();
    let isAlive = false;
    const names = collections.map(({ name }) => encodeURIComponent(name)).join(',');
    const failure = await link.stream(
      `/api/sync/stream?collections=${names}&schema=${versionsToText(versionsOf(collections))}`,
      { 'Last-Event-ID': last },
      silenceMs,
      async (chunk) => {
        if (!(await stillLeads()) || link.isStopped) return 'enough';
        isAlive = true;
        retry.succeeded();
        for (const event of parse(chunk))
          if (this.#last === undefined || this.#take(event) === 'bye') return 'enough';
        return 'more';
      },
    );
    // Whoever ends it at once, without a word, does so the next time, too.
    return failure ?? (isAlive ? undefined : SILENT);
  }

  #take(event: ServerEvent): 'bye' | 'next' {
    const { apply, pullAll } = this.#options;
    if (event.event === 'bye') return 'bye';
    if (event.event === 'resync') {
      pullAll();
      return 'next';
    }
    const parsed = parseEvent(event.data);
    if (parsed === undefined) pullAll();
    else {
      apply(parsed);
      this.#last = parsed.checkpoint;
    }
    return 'next';
  }
}

function parseEvent(data: string): StreamEvent | undefined {
  try {
    const value: unknown = JSON.parse(data);
    if (!isRecord(value)) return undefined;
    const { from, to, checkpoint, documents } = value;
    const fits =
      typeof from === 'number' &&
      typeof to === 'number' &&
      typeof checkpoint === 'string' &&
      isRecord(documents) &&
      Object.values(documents).every((list) => Array.isArray(list) && list.every(isRecord));
    return fits ? (value as unknown as StreamEvent) : undefined;
  } catch {
    // Handled like any other event that makes no sense: what it said is pulled.
    return undefined;
  }
}
