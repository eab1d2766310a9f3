// A session as it is made: a token for its owner, and the record that is kept of it.

import { SESSION_LIFETIME_MS } from '../config.ts';
import type { RecordWrite } from '../store/port/port.ts';
import { put, SESSION } from './records.ts';
import { hashOf, newToken } from './secrets.ts';

interface SessionOf {
  readonly user: string;
  readonly email: string;
  readonly workspace: string;
}

export function newSession(
  of: SessionOf,
  nowMs: number,
): { readonly token: string; readonly write: RecordWrite } {
  const token = newToken();
  const expiresAtMs = nowMs + SESSION_LIFETIME_MS;
  return { token, write: put(SESSION, hashOf(token), { ...of, expiresAtMs }) };
}
