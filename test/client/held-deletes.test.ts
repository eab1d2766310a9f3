import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { carryOut, heldIn, noteDelete } from '../../client/database/held-deletes.ts';
import { closeWorkspace, openWorkspace } from '../../client/database/open.ts';
import type { Account } from '../../client/session/account.ts';
import { until } from '../support/until.ts';

/** As in a browser, its keys are its own properties. */
const stored: Record<string, string> = {};
const storage = new Proxy(stored, {
  get: (_target, name) =>
    ({
      getItem: (key: string) => stored[key] ?? null,
      setItem: (key: string, value: string) => (stored[key] = value),
      removeItem: (key: string) => Reflect.deleteProperty(stored, key),
    })[String(name)],
});
beforeAll(() => {
  vi.stubGlobal('location', { host: 'server', origin: 'http://server' });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('There is no network.')));
  vi.stubGlobal('localStorage', storage);
});
afterAll(() => vi.unstubAllGlobals());

const ada: Account = {
  user: { id: 'ada', email: '', name: 'Ada' },
  workspace: { id: 'w1', name: 'Work' },
  role: 'owner',
  modules: ['care'],
  members: {},
};

test('a held delete whose workspace is closed before its time is there for the next opening', async () => {
  const workspace = await openWorkspace(ada);
  const feedingTime = '2026-01-01T00:00:00.000Z';
  const fields = { feedingTime, foodType: 'formula', amountMl: 90, notes: '' } as const;
  await workspace.collections.feedings.insert({ id: 'f1', ...fields });
  noteDelete(workspace, 'feedings', 'f1');
  // Somebody else logs in, say.
  await closeWorkspace(ada);
  await expect(carryOut(workspace, 'feedings', 'f1')).rejects.toThrow('closed');
  const again = await openWorkspace(ada);
  expect(heldIn(again, 'feedings')).toEqual(['f1']);
  await carryOut(again, 'feedings', 'f1');
  expect(await again.document('feedings', 'f1')).toBeUndefined();
  await until(() => heldIn(again, 'feedings').length === 0);
  await closeWorkspace(ada);
});
