// A real server on a file that can be copied, lost and put back, and the network to it.

import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type {
  PullRequest,
  PushRequest,
  PushRow,
  WireDocument,
} from '../../../replication/index.ts';
import type { HttpResponse, Platform } from '../../../replication/plugin/platform.ts';
import type { Collection } from '../../../schemas/index.ts';
import { openSqliteStore } from '../../../server/store/sqlite/store.ts';
import { startLiveServer, type LiveServer } from '../../support/live-server.ts';
import { atEnd } from './world.ts';

type Fetch = Platform['fetch'];
export interface Wire {
  readonly fetch: Fetch;
  readonly pushed: PushRow[];
  readonly pulls: PullRequest[];
  /** Runs between a request's effect and its answer. */
  beforeAnswer: (path: string, body: unknown, status: number) => void | Promise<void>;
  /** Answers in the server's place. */
  instead: (path: string, body: unknown) => { status: number; body: object } | undefined;
  isOnline: boolean;
}

export interface Restorable {
  readonly live: () => LiveServer;
  readonly url: () => string;
  readonly backup: () => Promise<void>;
  /** The copy takes the server's place; `survives` is its seq. */
  readonly restore: (given?: { readonly sameEpoch?: boolean }) => Promise<void>;
  readonly wire: () => Wire;
}

export async function startRestorable(collections: readonly Collection[]): Promise<Restorable> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-restore-'));
  atEnd(() => rm(directory, { recursive: true }));
  const file = join(directory, 'holdfast.sqlite');
  const copy = join(directory, 'copy.sqlite');
  const start = (port: number): Promise<LiveServer> =>
    startLiveServer({ collections, port, store: openSqliteStore({ file }) });
  let live = await start(0);
  const { url } = live;
  const port = Number(new URL(url).port);
  atEnd(() => live.stop());
  let backedUp = 0;
  let survives: number | undefined;
  return {
    live: () => live,
    url: () => url,
    backup: async () => {
      await live.stop();
      await copyFile(file, copy);
      backedUp = seqIn(file);
      live = await start(port);
    },
    restore: async ({ sameEpoch = false } = {}) => {
      await live.stop();
      await copyFile(copy, file);
      if (!sameEpoch) {
        renew(file);
        survives = Math.min(survives ?? backedUp, backedUp);
      }
      live = await start(port);
    },
    wire: () => makeWire(() => survives),
  };
}

const seqIn = (file: string): number => {
  const db = new DatabaseSync(file);
  const row = db.prepare('SELECT max(seq) AS seq FROM workspaces').get() as { seq: number };
  db.close();
  return row.seq;
};
const renew = (file: string): void => {
  const db = new DatabaseSync(file);
  db.exec(`UPDATE store SET epoch = 'after-${Date.now()}'`);
  db.close();
};

function makeWire(survives: () => number | undefined): Wire {
  const pushed: PushRow[] = [];
  const pulls: PullRequest[] = [];
  const wire: Wire = {
    pushed,
    pulls,
    isOnline: true,
    beforeAnswer: () => {},
    instead: () => undefined,
    fetch: async (url, request) => {
      if (!wire.isOnline) throw new TypeError('offline');
      const path = new URL(url).pathname;
      const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body);
      if (path === '/api/sync/push') pushed.push(...(body as PushRequest).rows);
      if (path === '/api/sync/pull') pulls.push(body as PullRequest);
      const given = wire.instead(path, body);
      if (given !== undefined) return answer(given.status, given.body);
      const response = await fetch(url, request as RequestInit);
      await wire.beforeAnswer(path, body, response.status);
      if (!wire.isOnline) throw new TypeError('offline');
      // The server's part of this is made elsewhere: until then the network says what survives.
      if (response.status !== 410) return response;
      const problem = (await response.json()) as object;
      return answer(410, { survives: survives(), ...problem });
    },
  };
  return wire;
}

const answer = (status: number, body: object): HttpResponse => ({
  status,
  headers: { get: () => null },
  text: () => Promise.resolve(JSON.stringify(body)),
  body: null,
});

/** Who reads from the beginning sees something else on the first page from now on. */
export function distort(
  server: Restorable,
  change: (documents: readonly WireDocument[]) => readonly WireDocument[],
): void {
  const { store } = server.live();
  const pages = store.pages.bind(store);
  store.pages = async (workspace, requests) => {
    let starts: readonly boolean[] = [];
    const read = await pages(workspace, (head) => {
      const asked = requests(head);
      starts = asked.map(({ after }) => after === 0);
      return asked;
    });
    const changed = read.pages.map((page, index) => {
      if (starts[index] !== true) return page;
      const text = `[${new TextDecoder().decode(page.documents)}]`;
      const documents = change(JSON.parse(text) as WireDocument[]);
      const texts = documents.map((document) => JSON.stringify(document));
      return { ...page, documents: new TextEncoder().encode(texts.join(',')) };
    });
    return { head: read.head, pages: changed };
  };
}
