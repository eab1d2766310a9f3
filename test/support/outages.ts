// What stands between a client and its server for a while and answers in its place: a captive portal
// with a page of its own, a proxy that has lost the server, a server that turns everybody away.

import type { HttpRequest, HttpResponse, Platform } from '../../replication/plugin/platform.ts';
import type { Random } from '../../schemas/index.ts';

export const OUTAGES = [
  'portalPush',
  'portalPull',
  'portalStream',
  'portalDevice',
  'badGateway',
  'unavailable',
] as const;
export type Outage = (typeof OUTAGES)[number];

const KINDS = ['portal', 'badGateway', 'unavailable'] as const;
/** How many requests meet one. */
const SHORTEST = 3;
const LONGEST = 15;

const PAGE = '<!doctype html><title>Welcome</title><p>Log in to use this network.</p>';
const PORTALS: readonly (readonly [path: string, fault: Outage])[] = [
  ['/api/sync/push', 'portalPush'],
  ['/api/sync/pull', 'portalPull'],
  ['/api/sync/stream', 'portalStream'],
  ['/api/sync/device', 'portalDevice'],
];

type Fetch = Platform['fetch'];

/** Answers in the server's place; nothing where the request goes through. */
export type Between = (url: string, request: HttpRequest) => Promise<HttpResponse | undefined>;

export function makeOutages(
  random: Random,
  count: (outage: Outage) => void,
  begins: () => boolean,
  send: Fetch,
): Between {
  let kind: (typeof KINDS)[number] = 'portal';
  let left = 0;
  return async (url, request) => {
    if (left === 0) {
      if (!begins()) return undefined;
      kind = random.pick(KINDS);
      left = random.integer(SHORTEST, LONGEST);
    }
    left -= 1;
    const { pathname } = new URL(url);
    if (kind === 'portal') {
      const portal = PORTALS.find(([path]) => path === pathname);
      if (portal !== undefined) count(portal[1]);
      return answer(200, 'text/html', PAGE);
    }
    count(kind);
    if (kind === 'unavailable')
      return answer(503, 'application/problem+json', '{"code":"unavailable"}', '0');
    // The proxy may have lost the answer only.
    const isLate = request.method === 'POST' && random.integer(1, 2) === 1;
    if (isLate) await (await send(url, request)).text();
    return answer(502, 'text/html', PAGE);
  };
}

function answer(status: number, type: string, text: string, retryAfter?: string): HttpResponse {
  const headers = new Headers({ 'Content-Type': type });
  if (retryAfter !== undefined) headers.set('Retry-After', retryAfter);
  return new Response(text, { status, headers });
}
