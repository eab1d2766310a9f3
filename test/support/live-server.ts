// A real Holdfast server on a free port, with one workspace and as many members as a test needs.

import { createServer, type HoldfastServer } from '../../server/server.ts';
import type { Store } from '../../server/store/port/port.ts';
import { collections, type Collection, type Role } from '../../schemas/index.ts';
import { createLog } from '../../server/ops/log.ts';
import { openTestStore } from './store.ts';

export interface LiveServer {
  readonly url: string;
  readonly server: HoldfastServer;
  readonly store: Store;
  /** Makes a member and an API key for it. */
  readonly keyFor: (
    name: string,
    options?: { role?: Role; readOnly?: boolean; workspace?: string },
  ) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface LiveOptions {
  readonly collections?: readonly Collection[];
  readonly store?: Store;
  readonly now?: () => number;
  readonly port?: number;
  /** A built dashboard. */
  readonly clientDirectory?: string;
}

export const WORKSPACE = 'Test';
/** Over plain HTTP a session's cookie names the server's port. */
export const cookieName = (url: string): string => `holdfast-${new URL(url).port}`;
export const PASSWORD = 'correct horse';

export async function startLiveServer(options: LiveOptions = {}): Promise<LiveServer> {
  const store =
    options.store ?? openTestStore(options.now === undefined ? {} : { now: options.now });
  const server = createServer({
    collections: options.collections ?? Object.values(collections),
    store,
    logger: createLog('silent'),
    ...(options.clientDirectory === undefined ? {} : { clientDirectory: options.clientDirectory }),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const { accounts } = server.core;
  if (!(await accounts.hasWorkspaces())) await accounts.createWorkspace(WORKSPACE);
  const url = await server.listen({ port: options.port ?? 0 });
  return {
    url,
    server,
    store,
    keyFor: async (name, { role = 'member', readOnly = false, workspace = WORKSPACE } = {}) => {
      const email = `${name}@example.org`;
      if (!(await isMember(server, email, workspace)))
        await accounts.addMember({ email, name, workspace, role, password: PASSWORD });
      return accounts.createKey({ email, workspace, readOnly, name: 'test' });
    },
    stop: () => server.close(),
  };
}

const isMember = async (
  { core }: HoldfastServer,
  email: string,
  workspace: string,
): Promise<boolean> => (await core.accounts.commander(email, workspace)) !== undefined;

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
  readonly headers: Headers;
}

/** One request; `body` is sent as JSON unless it is text already. */
export async function call(
  url: string,
  key: string | undefined,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
    headers: response.headers,
  };
}
