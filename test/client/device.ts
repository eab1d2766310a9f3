// What a page has around it, for tests without a browser.

import type { Account } from '../../client/session/account.ts';

/** A local storage; as in the browser's own, each key is a property. */
export const fakeStorage = (): object => {
  const stored: Record<string, string> = {};
  const access = {
    getItem: (key: string) => stored[key] ?? null,
    setItem: (key: string, value: string) => void (stored[key] = value),
    removeItem: (key: string) => void delete stored[key],
  };
  return Object.setPrototypeOf(stored, access);
};

export const accountOf = (given: Partial<Account> = {}): Account => ({
  user: { id: 'ada', email: '', name: 'Ada' },
  workspace: { id: 'w1', name: 'Work' },
  role: 'owner',
  modules: ['care'],
  members: {},
  ...given,
});
