// The session cookie, and the check that a change comes from a page of this server.

import type { Request, Response } from 'express';
import { SESSION_LIFETIME_MS } from '../config.ts';
import { HttpProblem } from '../errors.ts';

/**
 * Browsers keep `__Host-` cookies to this very host, but only over TLS. The port is in the name,
 * because cookies don't know ports: two servers on one host would log each other's people out.
 */
const nameFor = (request: Request): string => {
  const port = /:(\d+)$/.exec(request.host)?.[1];
  const name = port === undefined ? 'holdfast' : `holdfast-${port}`;
  return request.secure ? `__Host-${name}` : name;
};

const attributes = (request: Request) =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: request.secure }) as const;

export function sessionToken(request: Request): string | undefined {
  const start = `${nameFor(request)}=`;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length);
}

export function setSessionToken(request: Request, response: Response, token: string): void {
  const options = { ...attributes(request), maxAge: SESSION_LIFETIME_MS };
  response.cookie(nameFor(request), token, options);
}

export function clearSessionToken(request: Request, response: Response): void {
  response.clearCookie(nameFor(request), attributes(request));
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;

/**
 * Refuses a change that a page of another site asks for. Browsers send `Sec-Fetch-Site` (to https
 * and localhost) or `Origin` with every such request; a client without both is no browser and has
 * no cookie that somebody else could use.
 *
 * @throws {HttpProblem} `cross_origin`
 */
export function requireSameOrigin(request: Request): void {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const same =
    site === undefined
      ? origin === undefined || hostOf(origin) === request.host
      : site === 'same-origin';
  if (!same) throw new HttpProblem('cross_origin');
}

/**
 * Refuses a body that is not JSON: forms can be sent across sites without being asked first.
 *
 * @throws {HttpProblem} `not_json`
 */
export function requireJson(request: Request): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && request.is('application/json') === false) throw new HttpProblem('not_json');
}
