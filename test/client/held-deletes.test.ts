import 'fake-indexeddb/auto';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import {
  carryOut,
  carryOutLeft,
  forgetDelete,
  heldIn,
  isHeld,
  noteDelete,
} from '../../client/database/held-deletes.ts';
import { closeWorkspace, openWorkspace } from '../../client/database/open.ts';
import { until } from '../support/until.ts';
import { accountOf, fakeStorage } from './device.ts';

beforeAll(() => {
  vi.stubGlobal('location', { host: 'server', origin: 'http://server' });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('There is no network.')));
  vi.stubGlobal('localStorage', fakeStorage());
  vi.stubGlobal('window', new EventTarget());
});
afterEach(() => void vi.useRealTimers());
afterAll(() => vi.unstubAllGlobals());

const ada = accountOf();

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
  expect(isHeld(again, 'feedings', 'f1')).toBe(true);
  noteDelete(again, 'feedings', 'f1');
  await carryOut(again, 'feedings', 'f1');
  expect(await again.document('feedings', 'f1')).toBeUndefined();
  // Nobody carries it out once more; lists have yet to hear of it.
  expect(isHeld(again, 'feedings', 'f1')).toBe(false);
  expect(heldIn(again, 'feedings')).toEqual(['f1']);
  await until(() => heldIn(again, 'feedings').length === 0);
  await closeWorkspace(ada);
});

test('what another tab noted before it was closed is carried out here, what was undone in time is not', async () => {
  vi.useFakeTimers();
  const removed: string[] = [];
  const place = {
    name: 'db',
    document: (_collection: string, id: string) =>
      Promise.resolve({ incrementalRemove: async () => void removed.push(id) }),
  };
  const end = carryOutLeft(place);
  noteDelete(place, 'pins', 'left');
  noteDelete(place, 'pins', 'undone');
  window.dispatchEvent(new Event('storage'));
  expect(heldIn(place, 'pins')).toEqual(['left', 'undone']);
  await vi.advanceTimersByTimeAsync(5_000);
  forgetDelete(place, 'pins', 'undone');
  // And deleted anew: that can be undone for as long as any other.
  await vi.advanceTimersByTimeAsync(1_000);
  noteDelete(place, 'pins', 'undone');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(removed).toEqual(['left']);
  expect(isHeld(place, 'pins', 'undone')).toBe(true);
  end();
});

test('what could not be deleted here is shown, and stays noted', async () => {
  const place = {
    name: 'broken',
    document: () => Promise.reject(new Error('It broke.')),
  };
  noteDelete(place, 'pins', 'p');
  expect(heldIn(place, 'pins')).toEqual(['p']);
  await expect(carryOut(place, 'pins', 'p')).rejects.toThrow('It broke.');
  expect(heldIn(place, 'pins')).toEqual([]);
  expect(isHeld(place, 'pins', 'p')).toBe(true);
});
