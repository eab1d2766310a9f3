// The files that the dashboard consists of, kept in a cache of their own for each build. Only these
// ever get into a cache: data are in the local database.

import { lockOf } from '../update/names.ts';

export interface Shell {
  /** Of the build. */
  readonly version: string;
  /** Digests of the content by path: a part of SHA-256, in hexadecimal. */
  readonly files: Readonly<Record<string, string>>;
  /** The path of the script that sends unsent work. */
  readonly sender: string;
}

const PAGE = '/index.html';
const HASHED = '/assets/';
const CACHE = 'holdfast-shell-';
/** What the server answers itself, whatever asks. */
const SERVERS = /^\/(?:api|rxdb|metrics|healthz|readyz)(?:\/|$)/;

type Asked = Pick<Request, 'method' | 'mode' | 'url'>;

/** The path of the kept file that answers a request; nothing where the request is none of ours. */
export const pathFor = (shell: Shell, { method, mode, url }: Asked, origin: string) => {
  const { origin: asked, pathname } = new URL(url);
  if (method !== 'GET' || asked !== origin || SERVERS.test(pathname)) return undefined;
  if (pathname in shell.files || pathname.startsWith(HASHED)) return pathname;
  // Every address of the dashboard is the same page.
  return mode === 'navigate' ? PAGE : undefined;
};

const digestOf = async (content: ArrayBuffer): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', content)).slice(0, 16)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** The answer as it can be kept; nothing where it has other content than this build's file. */
const checked = async (response: Response, digest: string): Promise<Response | undefined> => {
  if (response.status !== 200) return undefined;
  const content = await response.arrayBuffer();
  if ((await digestOf(content)) !== digest) return undefined;
  const headers = new Headers(response.headers);
  // They speak of how it travelled.
  for (const name of ['content-encoding', 'content-length', 'vary']) headers.delete(name);
  return new Response(content, { headers });
};

export class ShellCache {
  readonly #shell: Shell;
  readonly #name: string;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#name = CACHE + shell.version;
  }

  /**
   * Keeps every file of this build.
   *
   * @throws {Error} where one can't be had, or the server has another build's: the browser tries
   * again later.
   */
  async keep(): Promise<void> {
    const cache = await caches.open(this.#name);
    await Promise.all(
      Object.entries(this.#shell.files).map(async ([path, digest]) => {
        if (await cache.match(path)) return;
        await cache.put(path, await this.#find(path, digest));
      }),
    );
  }

  async #find(path: string, digest: string): Promise<Response> {
    const known = await caches.match(path);
    const kept = known && (await checked(known, digest));
    if (kept) return kept;
    // What the browser holds is mostly right, and was loaded a moment ago.
    for (const cache of ['default', 'reload'] as const) {
      const response = await checked(await fetch(path, { cache, priority: 'low' }), digest);
      if (response) return response;
    }
    throw new Error(`The server has another ${path} than this version of the page.`);
  }

  /** From this build, else from the build that an older page asks for, else from the server. */
  async answer(request: Request, path: string): Promise<Response> {
    const cache = await caches.open(this.#name);
    const kept = await cache.match(path);
    if (kept) return kept;
    const older = path.startsWith(HASHED) ? await caches.match(path) : undefined;
    return older ?? fetch(request);
  }

  /**
   * Removes what is kept of other builds, but for those of which a page is open: each page holds a
   * lock with its version's name.
   *
   * @param isChanging whether a newer build is on its way; then it says what is old.
   */
  async tidy(isChanging: () => boolean): Promise<void> {
    const names = (await caches.keys()).filter((name) => name.startsWith(CACHE));
    const { held = [] } = await navigator.locks.query();
    const inUse = new Set(held.map(({ name }) => name));
    if (isChanging()) return;
    await Promise.all(
      names
        .filter((name) => name !== this.#name && !inUse.has(lockOf(name.slice(CACHE.length))))
        .map((name) => caches.delete(name)),
    );
  }
}
