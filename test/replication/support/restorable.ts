// A real server whose data can be taken back to what they were, and the network to it.

import type {
  PullRequest,
  PushRequest,
  PushRow,
  WireDocument,
} from '../../../replication/index.ts';
import type { HttpResponse, Platform } from '../../../replication/plugin/platform.ts';
import type { Collection } from '../../../schemas/index.ts';
import { seq as asSeq, workspaceId, type Seq } from '../../../replication/core.ts';
import { startLiveServer, type LiveServer } from '../../support/live-server.ts';
import { openPastStore } from '../../support/past-store.ts';
import { openTestStore } from '../../support/store.ts';
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
  /** The backup takes the place of the data. */
  readonly restore: () => Promise<void>;
  readonly wire: () => Wire;
}

export async function startRestorable(collections: readonly Collection[]): Promise<Restorable> {
  const past = openPastStore((options) => openTestStore({ usual: 'sqlite', ...options }));
  const start = (port: number): Promise<LiveServer> =>
    startLiveServer({ collections, port, store: { ...past } });
  let live = await start(0);
  const { url } = live;
  const port = Number(new URL(url).port);
  atEnd(() => live.stop());
  const [made] = await past.records('workspace', '');
  const workspace = workspaceId(made?.id ?? '');
  let backedUp: Seq = asSeq(0);
  return {
    live: () => live,
    url: () => url,
    backup: async () => {
      await live.stop();
      backedUp = (await past.head(workspace)).seq;
      live = await start(port);
    },
    restore: async () => {
      await live.stop();
      await past.takeBack(workspace, backedUp, true);
      live = await start(port);
    },
    wire: makeWire,
  };
}

function makeWire(): Wire {
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
      return response;
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
