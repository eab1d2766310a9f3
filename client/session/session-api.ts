// The three requests about the session. Every answer is one of four, so that no screen sees a
// status number.

import { parseAccount, textOf, type Account } from './account.ts';

export type SessionAnswer =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unreachable' };

const TIMEOUT_MS = 10_000;
const WRONG = 'This email and password do not belong together. Check both and try again.';
const ODD = 'The server answered something this page does not understand. Reload the page.';

const ask = async (method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<SessionAnswer> => {
  try {
    const response = await fetch('/api/session', {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body
        ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        : {}),
    });
    if (response.status === 401 || response.status === 204) return { kind: 'none' };
    if (response.status >= 500) return { kind: 'unreachable' };
    const told: unknown = await response.json();
    const account = response.ok ? parseAccount(told) : undefined;
    if (account) return { kind: 'account', account };
    return { kind: 'refused', reason: textOf(told, 'detail') || ODD };
  } catch {
    // No network, no answer in time, or an answer from something that is not the server.
    return { kind: 'unreachable' };
  }
};

export const askSession = (): Promise<SessionAnswer> => ask('GET');
export const endSession = (): Promise<SessionAnswer> => ask('DELETE');

export const logIn = async (email: string, password: string): Promise<SessionAnswer> => {
  const answer = await ask('POST', { email, password });
  return answer.kind === 'none' ? { kind: 'refused', reason: WRONG } : answer;
};
