// Reading a database that the browser is slow to open.

import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { removeDatabases } from '../../client/database/remove.ts';
import { readTables } from '../../client/rescue/raw-database.ts';
import { openRaw } from './raw.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a database that opens too late to be read is not held by this page', async () => {
  (await openRaw('slow')).close();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  const late = new EventTarget();
  vi.spyOn(indexedDB, 'open').mockReturnValueOnce(late as IDBOpenDBRequest);
  const reading = readTables('slow', ['docs']).catch(String);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await reading).toContain('has not opened a database');
  Object.assign(late, { result: await openRaw('slow') }).dispatchEvent(new Event('success'));
  expect(await removeDatabases('slow')).toBe(true);
});
