// The network between a device and the server: it outlives the device's processes, and carries on
// what they had handed over.

import type { Platform, PushRequest, PushRow } from '../../../replication/index.ts';
import type { HttpRequest, HttpResponse } from '../../../replication/plugin/platform.ts';
import type { Disk } from './disk.ts';
import { never, type Mortal } from './mortal.ts';
import type { Room } from './shop.ts';

type Wake = Parameters<Platform['onWake']>[0];

/** A row that was sent, and when; times are the disk's. */
export interface Pushed {
  readonly row: PushRow;
  readonly sentAt: number;
  /** When a process got the verdict. */
  answeredAt?: number;
}

const CALLS: Readonly<Record<string, string>> = {
  '/api/sync/push': 'request: push',
  '/api/sync/pull': 'request: pull',
  '/api/sync/device': 'request: device',
};

export class Wire {
  readonly url: string;
  readonly token: string;
  readonly pushed: Pushed[] = [];
  readonly unfinished: string[] = [];
  readonly #disk: Disk;
  #isOnline = true;
  readonly #wakers = new Map<Mortal, Wake>();
  /** Requests of which nobody knows when they arrive. */
  #late: (() => Promise<unknown>)[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(disk: Disk, { url, token }: Pick<Room, 'url' | 'token'>) {
    this.#disk = disk;
    this.url = url;
    this.token = token;
  }

  setOnline(online: boolean): void {
    this.#isOnline = online;
    for (const [life, wake] of this.#wakers) if (life.isAlive) wake(online ? 'online' : 'offline');
  }

  /** Everything that was handed over arrives; resolves when it has. */
  async settle(): Promise<void> {
    this.#arrive();
    await Promise.all(this.#underWay);
  }

  for(life: Mortal): Pick<Platform, 'fetch' | 'online' | 'onWake'> {
    return {
      online: () => this.#isOnline,
      onWake: (run) => {
        this.#wakers.set(life, run);
        return () => this.#wakers.delete(life);
      },
      fetch: (url, request) => {
        if (!this.#isOnline) return Promise.reject(new TypeError('offline'));
        return request.method === 'GET'
          ? this.#listen(life, url, request)
          : this.#ask(life, url, request);
      },
    };
  }

  async #ask(life: Mortal, url: string, request: HttpRequest): Promise<HttpResponse> {
    const path = new URL(url).pathname;
    const what = CALLS[path] ?? `request: ${path}`;
    // Its process may die, and the request does not.
    const body = { ...request, signal: new AbortController().signal };
    const send = async (): Promise<HttpResponse> => whole(await fetch(url, body));
    const rows =
      path === '/api/sync/push' ? (JSON.parse(request.body ?? '') as PushRequest).rows : [];
    if (rows.length > 0 && life.isAlive) this.unfinished.push(...this.#disk.unfinished);
    const pushed = rows.map((row): Pushed => ({ row, sentAt: this.#disk.tick() }));
    const answer = await life.call(what, (): Promise<HttpResponse> => {
      if (!life.passes(`during ${what}`)) {
        this.pushed.push(...pushed);
        this.#late.push(send);
        return never();
      }
      this.pushed.push(...pushed);
      return this.#noted(send());
    });
    if (rows.length > 0 && answer.status === 200) {
      for (const one of pushed) one.answeredAt = this.#disk.tick();
      // After the next process has had an answer, what its predecessor had sent may still come.
      this.#arrive();
    }
    if (!this.#isOnline) throw new TypeError('offline');
    return answer;
  }

  #noted<T>(sending: Promise<T>): Promise<T> {
    const arrived = sending.then(
      () => undefined,
      () => undefined,
    );
    this.#underWay.add(arrived);
    void arrived.then(() => this.#underWay.delete(arrived));
    return sending;
  }

  #arrive(): void {
    const late = this.#late;
    this.#late = [];
    for (const send of late) void this.#noted(send());
  }

  async #listen(life: Mortal, url: string, request: HttpRequest): Promise<HttpResponse> {
    const abort = new AbortController();
    request.signal.addEventListener('abort', () => abort.abort());
    void life.ended.then(() => abort.abort());
    const asked = { ...request, signal: abort.signal } as RequestInit;
    const response = await life.call('request: stream', () => fetch(url, asked));
    const reader = response.status === 200 ? response.body?.getReader() : undefined;
    if (reader === undefined) return life.heard(whole(response));
    return {
      status: response.status,
      headers: response.headers,
      text: () => response.text(),
      body: {
        getReader: () => ({
          read: () => life.call('stream: chunk', () => reader.read()),
          cancel: () => reader.cancel(),
        }),
      },
    };
  }
}

async function whole(response: Response): Promise<HttpResponse> {
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, text: () => Promise.resolve(text), body: null };
}
