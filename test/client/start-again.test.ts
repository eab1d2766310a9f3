// Starting again while another tab holds a part of the copy, and hears nothing.

import 'fake-indexeddb/auto';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { databaseOf } from '../../client/database/name.ts';
import { namesOf } from '../../client/rescue/raw-database.ts';
import { useRescue, type Rescue } from '../../client/rescue/use-rescue.ts';
import { remember } from '../../client/session/account.ts';
import { keepAccount, readKept } from '../../client/session/kept-account.ts';
import { currentSession, startSession } from '../../client/session/session.ts';
import { accountOf, fakeStorage } from './device.ts';
import { openRaw } from './raw.ts';

const ada = accountOf({ modules: ['map'] });
const reload = vi.fn<() => void>();

beforeAll(() => {
  vi.stubGlobal('location', { host: 'server', pathname: '/', search: '', reload });
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('localStorage', fakeStorage());
  vi.stubGlobal('navigator', { locks: { query: () => Promise.resolve({ held: [] }) } });
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(ada)));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }).setTimerTickMode('nextTimerAsync');
});
afterAll(() => void vi.useRealTimers());

const rescue = (): Rescue => {
  let shown: Rescue | undefined;
  const Shown = () => {
    shown = useRescue(ada);
    return null;
  };
  renderToString(createElement(Shown));
  if (!shown) throw new Error('It was not shown.');
  return shown;
};

test('nobody opens what is left of the copy, and the other tab’s end completes the removal', async () => {
  const name = databaseOf(ada);
  remember(ada);
  await keepAccount(ada);
  (await openRaw(name)).close();
  const held = await openRaw(`rxdb-dexie-${name}--0--pins`);

  const { startAgain } = rescue();
  expect(await startAgain(false)).toBe('begun');
  expect(await namesOf(name)).toHaveLength(1);
  expect(await readKept()).toBeUndefined();
  await startSession();
  expect(currentSession()).toEqual({ kind: 'out', notice: 'notRemoved' });
  expect(reload).not.toHaveBeenCalled();

  held.close();
  expect(await startAgain(true)).toBeUndefined();
  expect(reload).toHaveBeenCalledOnce();
  expect(await namesOf(name)).toEqual([]);
  expect(await readKept()).toMatchObject({ user: { id: 'ada' } });
  await startSession();
  expect(currentSession()).toMatchObject({ kind: 'in' });
});
