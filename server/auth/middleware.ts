// The door of everything that is not public: finds out who asks, before any body is read.

import type { Request, RequestHandler } from 'express';
import { HttpProblem } from '../errors.ts';
import type { Accounts } from './accounts.ts';
import { requireJson, requireSameOrigin, sessionToken, setSessionToken } from './cookie.ts';
import type { Credential } from './credentials.ts';
import type { Reader } from './reader.ts';

const BEARER = /^Bearer +(\S+)$/i;
const changes = (request: Request): boolean =>
  request.method !== 'GET' && request.method !== 'HEAD';

/** A request that names a key never falls back to a cookie that came along. */
function credentialOf(request: Request): Credential | undefined {
  const asked = request.get('x-workspace');
  const workspace = asked === undefined ? {} : { workspace: asked };
  if (request.headers.authorization !== undefined) {
    const secret = BEARER.exec(request.headers.authorization)?.[1];
    return secret === undefined ? undefined : { secret, via: 'key', ...workspace };
  }
  const token = sessionToken(request);
  return token === undefined ? undefined : { secret: token, via: 'session', ...workspace };
}

/**
 * Middleware. Behind it `readerOf(request)` tells who asks.
 *
 * Fails with `not_signed_in` (also where the header X-User names somebody else), `not_a_member`, and for changes by cookie `cross_origin` and `not_json`.
 */
export const signedIn =
  ({ accounts }: { readonly accounts: Accounts }): RequestHandler =>
  async (request, response, next) => {
    const credential = credentialOf(request);
    if (credential?.via === 'session' && changes(request)) {
      requireSameOrigin(request);
      requireJson(request);
    }
    const authenticated = credential && (await accounts.authenticate(credential));
    if (authenticated === undefined) throw new HttpProblem('not_signed_in');
    const expected = request.get('x-user');
    // Somebody else has logged in where this person's work still waits to be sent.
    if (expected !== undefined && expected !== authenticated.reader.user)
      throw new HttpProblem('not_signed_in');
    if (authenticated.renewed && credential !== undefined)
      setSessionToken(request, response, credential.secret);
    request.reader = authenticated.reader;
    next();
  };

/** Who asks. Only behind `signedIn`. */
export function readerOf(request: Request): Reader {
  if (request.reader === undefined) throw new HttpProblem('not_signed_in');
  return request.reader;
}
