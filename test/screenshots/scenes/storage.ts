// This device's storage, tabs of other versions, and work that others left here.

import { addPin } from '../../support/browser.ts';
import { sendNothingLater } from '../../support/worker.ts';
import { all, click, goOffline, says, see, type Act, type Scene } from '../scene.ts';

const synced = says(/^Synced/);
const savedOffline: Act = async (page) => {
  for (const title of ['Old well', 'New gauge', 'Third lock']) await addPin(page, title);
};

/** From now on no write finds space. */
const fillDevice: Act = (page) =>
  page.evaluate(() => {
    Reflect.set(IDBObjectStore.prototype, 'put', () => {
      throw new DOMException('No space.', 'QuotaExceededError');
    });
  });
const tryToAdd: Act = async (page) => {
  await page.getByRole('button', { name: 'Add pin' }).click();
  const sheet = page.getByRole('dialog');
  for (const label of ['Title', 'Latitude', 'Longitude']) await sheet.getByLabel(label).fill('51');
  await sheet.getByRole('button', { name: 'Add pin' }).click();
};
/** One of the databases can't be opened from now on. */
const breakOne: Act = (page) =>
  page.addInitScript(() => {
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name, version) => {
      if (name.endsWith('--conflicts'))
        throw new DOMException('Internal error opening backing store.', 'UnknownError');
      return open(name, version);
    };
  });
const reload: Act = (page) => page.reload();
/** The server is there for the page, not for its work; nor does the worker send it meanwhile. */
const cutSync: Act = async (page) => {
  await page.route('**/api/sync/**', (route) => route.abort());
  await sendNothingLater(page);
};
const broken = all(synced, cutSync, savedOffline, breakOne, reload);

const speakAsNewer: Act = (page) =>
  page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    const channel = new BroadcastChannel(
      `holdfast:${names.find((name) => name.startsWith('holdfast$'))}`,
    );
    channel.postMessage({ kind: 'ask', version: 1_000 });
  });
const accountOf = (id: string, name: string) => ({
  user: { id, email: `${id}@example.org`, name },
  workspace: { id: 'w1', name: 'Harbour survey' },
  role: 'member',
  modules: ['map'],
  members: {},
});
const LEFT = JSON.stringify([
  { account: accountOf('jonas', 'Jonas'), unsent: 3 },
  { account: accountOf('nur', 'نور الهدى بنت عبد الرحمن الساحلية'), unsent: 1 },
]);
const leftBehind: Act = (page) =>
  page.addInitScript((left) => localStorage.setItem('holdfast.left-behind', left), LEFT);

const map = { world: 'three', path: '/map' } as const;
const UNSENT = 'At least 3 changes';

export const storage: readonly Scene[] = [
  { ...map, name: 'storage-rescue', does: broken, shows: UNSENT },
  {
    ...map,
    name: 'storage-rescue-saved',
    does: all(broken, see(UNSENT), click('Save unsent work to a file'), click('Details')),
    shows: 'Saved as unsent-work',
  },
  {
    ...map,
    name: 'storage-start-again',
    does: all(broken, see(UNSENT), click('Start again with an empty copy')),
    shows: 'This removes the copy on this device',
  },
  {
    ...map,
    name: 'storage-full',
    does: all(synced, goOffline, fillDevice, tryToAdd),
    shows: 'Not saved: this device is full',
  },
  {
    ...map,
    path: '/care',
    name: 'storage-full-facts',
    does: all(
      synced,
      fillDevice,
      (_page, world) =>
        world.write('feedings', [
          { feedingTime: new Date().toISOString(), foodType: 'formula', amountMl: 55, notes: '' },
        ]),
      click('Space on this device'),
    ),
    shows: 'The browser may remove',
  },
  { ...map, name: 'tab-outdated', does: all(synced, speakAsNewer), shows: 'Until you reload' },
  { ...map, name: 'left-behind', before: leftBehind, does: synced, shows: 'changes of Jonas' },
  {
    ...map,
    name: 'left-behind-log-in',
    before: all(leftBehind, (page) => page.context().clearCookies()),
    shows: 'changes of Jonas',
  },
  {
    ...map,
    name: 'log-in-as-other',
    does: all(
      synced,
      (page) => page.context().clearCookies(),
      (page) => addPin(page, 'Old well'),
      says(/^Log in to sync/),
      click(/^Log in to sync/),
      click('Log in as somebody else'),
    ),
    shows: 'stays on this device',
  },
];
