// The sync indicator and what is behind it, in each of its states.

import {
  all,
  answer,
  click,
  cut,
  goOffline,
  hold,
  refuse,
  says,
  type Act,
  type Scene,
} from '../scene.ts';
import { addFeeding } from '../../support/browser.ts';

const synced = says(/^Synced/);
const save =
  (count: number): Act =>
  async (page) => {
    for (let at = 0; at < count; at += 1) await addFeeding(page, { amountMl: 100 + at });
  };
const SYNC = '**/api/sync/**';
const busy = answer(
  SYNC,
  ...Array.from({ length: 9 }, () => ({
    status: 503,
    json: { code: 'unavailable', title: 'Not now' },
  })),
);

/** Opens what is behind the indicator once it says this. */
const sync = (name: string, words: RegExp, act: Act, shows: string): Scene => ({
  name: `sync-${name}`,
  world: 'three',
  path: '/care',
  does: all(synced, act, says(words), click(words)),
  shows,
});

export const syncStates: readonly Scene[] = [
  sync('synced', /^Synced/, () => Promise.resolve(), 'Your changes are sent'),
  sync('offline-3', /^Offline\. 3 saved/, all(goOffline, save(3)), 'No network'),
  sync(
    'no-server',
    /^Can’t reach the server/,
    all(cut(SYNC), save(2)),
    'The server does not answer',
  ),
  sync('waiting', /waiting, next try/, all(busy, save(3)), 'The last try to sync failed'),
  sync('sending', /^Sending/, all(hold('**/api/sync/push'), save(1)), 'Sending your changes'),
  sync('needs-you', /^1 needs you/, all(refuse('feedings'), save(1)), 'were not accepted'),
  {
    name: 'sync-receiving',
    world: 'thousands',
    path: '/care',
    before: async (page) => {
      let pulls = 0;
      await page.route('**/api/sync/pull', (route) => {
        pulls += 1;
        return pulls > 2 ? undefined : route.continue();
      });
    },
    does: all(says(/^Receiving/), click(/^Receiving/)),
    shows: 'Receiving what others changed',
  },
  {
    name: 'sync-logged-out',
    world: 'three',
    path: '/care',
    does: all(
      synced,
      (page) => page.context().clearCookies(),
      save(3),
      says(/^Log in to sync\. 3/),
    ),
    shows: 'Care log',
  },
];
