// The way to the server: every request with a time limit, every outcome a value. Also where the
// server's time is learnt.

import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../protocol/index.ts';
import { isRecord, messageOf } from './check.ts';
import type { Abort, HttpResponse, Platform, Signal } from './platform.ts';
import { parseProblem, PROBLEM, type ResyncOrder } from './problem.ts';

export type Failure =
  /** This device’s own storage has failed, before a request or after its answer. */
  | { readonly kind: 'local'; readonly message: string }
  /** No usable HTTP answer, or a server that broke. */
  | {
      readonly kind: 'unreachable';
      readonly message: string;
      /** The server itself has said that it broke. */
      readonly broke?: true;
    }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs: number | undefined;
      /** With status 410: everything has to be received again. */
      readonly resync?: ResyncOrder;
    };
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: Failure };

export interface LinkOptions {
  readonly platform: Platform;
  readonly url: string;
  readonly token?: string;
  readonly workspace?: string;
  /** Whose work this is: another one's cookie sends none of it. */
  readonly user?: string;
  readonly requestTimeoutMs: number;
  /** Called with the server's clock minus this device's, in ms. */
  readonly learnOffset: (offsetMs: number) => void;
}

/** What a network has to carry at least, in bytes per ms, so that a large request gets more time. */
const LEAST_PER_MS = 64;
const LONGEST_RETRY_AFTER_MS = 3_600_000;

export class Link {
  readonly #options: LinkOptions;
  readonly #open = new Set<Abort>();
  #stopped = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  async post(path: string, body: string): Promise<Reply> {
    const { platform, requestTimeoutMs } = this.#options;
    const sentAtMs = platform.now();
    const attempt = this.#begin();
    let isLate = false;
    const timer = platform.after(requestTimeoutMs + body.length / LEAST_PER_MS, () => {
      isLate = true;
      attempt.abort();
    });
    try {
      const { response, text } = await unlessAborted(attempt.signal, async () => {
        const answer = await this.#fetch(
          'POST',
          path,
          { 'Content-Type': 'application/json' },
          attempt,
          body,
        );
        return { response: answer, text: await answer.text() };
      });
      if (response.status !== 200) return { ok: false, failure: this.#refusal(response, text) };
      const value = parseAnswer(response, text);
      if (value === undefined) return { ok: false, failure: FOREIGN };
      this.#learn(value, sentAtMs);
      return { ok: true, value };
    } catch (error) {
      return { ok: false, failure: isLate ? LATE : unreachable(error) };
    } finally {
      timer();
      this.#open.delete(attempt);
    }
  }

  /**
   * Opens an event stream and hands over its chunks until it ends, with a failure, or cleanly with
   * none. A stream that is silent for so long has failed.
   */
  async stream(
    path: string,
    headers: Readonly<Record<string, string>>,
    silenceMs: number,
    take: (chunk: Uint8Array) => Promise<'more' | 'enough'>,
  ): Promise<Failure | undefined> {
    const attempt = this.#begin();
    const { platform } = this.#options;
    let timer = platform.after(silenceMs, () => attempt.abort());
    try {
      const response = await unlessAborted(attempt.signal, () =>
        this.#fetch('GET', path, { Accept: 'text/event-stream', ...headers }, attempt),
      );
      if (response.status !== 200 || response.body === null)
        return this.#refusal(response, await unlessAborted(attempt.signal, () => response.text()));
      if (!isOf(response, 'text/event-stream')) return FOREIGN;
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await unlessAborted(attempt.signal, () => reader.read());
        timer();
        timer = platform.after(silenceMs, () => attempt.abort());
        if (done || value === undefined) return undefined;
        if ((await take(value)) === 'enough') return undefined;
      }
    } catch (error) {
      return unreachable(error);
    } finally {
      timer();
      attempt.abort();
      this.#open.delete(attempt);
    }
  }

  /** Ends what is under way, as if the network had: it is tried again. */
  cut(): void {
    for (const attempt of this.#open) attempt.abort();
  }

  stop(): void {
    this.#stopped = true;
    this.cut();
  }

  #begin(): Abort {
    const attempt = this.#options.platform.makeAbort();
    this.#open.add(attempt);
    if (this.#stopped) attempt.abort();
    return attempt;
  }

  #fetch(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    attempt: Abort,
    body?: string,
  ): Promise<HttpResponse> {
    const { platform, url, token, workspace, user } = this.#options;
    return platform.fetch(`${url.replace(/\/+$/, '')}${path}`, {
      method,
      headers: {
        ...headers,
        [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(workspace === undefined ? {} : { 'X-Workspace': workspace }),
        ...(user === undefined || token !== undefined ? {} : { 'X-User': user }),
      },
      ...(body === undefined ? {} : { body }),
      signal: attempt.signal,
      credentials: token === undefined ? 'same-origin' : 'omit',
      cache: 'no-store',
    });
  }

  #refusal(response: HttpResponse, text: string): Failure {
    const { status } = response;
    const problem = parseProblem(text);
    // Its reason is lost, and only some of them lose nothing: it is asked for again.
    if (problem.isUnread === true && isOf(response, PROBLEM)) return CUT_OFF;
    const message = problem.detail ?? `The server answered ${status}.`;
    const isBroken = status >= 500 && status !== 503;
    if (status < 400) return FOREIGN;
    if (isBroken)
      return {
        kind: 'unreachable',
        message,
        ...(problem.code === undefined ? {} : { broke: true }),
      };
    const retryAfterMs = this.#retryAfter(response.headers.get('Retry-After'));
    return {
      kind: 'refused',
      status,
      code: problem.code ?? `http_${status}`,
      message,
      retryAfterMs,
      ...(status === 410 ? { resync: problem.resync } : {}),
    };
  }

  /** Seconds or a date (RFC 9110, 10.2.3); a clock that is wrong does not put it off for days. */
  #retryAfter(header: string | null): number | undefined {
    if (header === null) return undefined;
    const delayMs = /^\d+$/.test(header)
      ? Number(header) * 1_000
      : Date.parse(header) - this.#options.platform.now();
    if (Number.isNaN(delayMs)) return undefined;
    return Math.min(Math.max(0, delayMs), LONGEST_RETRY_AFTER_MS);
  }

  #learn(value: unknown, sentAtMs: number): void {
    if (!isRecord(value) || typeof value['now'] !== 'number') return;
    const middleMs = (sentAtMs + this.#options.platform.now()) / 2;
    this.#options.learnOffset(value['now'] - middleMs);
  }
}

const unreachable = (error: unknown): Failure => ({
  kind: 'unreachable',
  message: messageOf(error),
});
export const local = (error: unknown): Failure => ({ kind: 'local', message: messageOf(error) });

const LATE: Failure = {
  kind: 'unreachable',
  message: 'The server did not answer in time.',
};
export const isLate = (reply: Reply): boolean => !reply.ok && reply.failure === LATE;

/** An answer of the server itself that is not what was asked for. */
export const SENSELESS: Failure = {
  kind: 'unreachable',
  message: 'The server sent an answer that makes no sense.',
};

/** A page to log in to the network, say: it has the status of an answer, and is none. */
const FOREIGN: Failure = {
  kind: 'unreachable',
  message: 'Something else answered in the place of the server. Does this network want a log-in?',
};

const isOf = ({ headers }: HttpResponse, type: string): boolean =>
  headers.get('Content-Type')?.startsWith(type) === true;

/** @throws {SyntaxError} where the answer was cut off. */
function parseAnswer(response: HttpResponse, text: string): unknown {
  return isOf(response, 'text/html') ? undefined : JSON.parse(text);
}

const CUT_OFF: Failure = { kind: 'unreachable', message: 'The server’s answer was cut off.' };

/** Rejects at once when aborted, also where what runs does not listen. */
async function unlessAborted<T>(signal: Signal, run: () => Promise<T>): Promise<T> {
  let stopListening = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new Error(LATE.message));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail);
    stopListening = () => signal.removeEventListener('abort', fail);
  });
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    stopListening();
  }
}
