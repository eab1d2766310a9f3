// The sync indicator and what is behind it, in each of its states, and the Sync centre.

import {
  all,
  answer,
  click,
  cut,
  goOffline,
  hold,
  refuse,
  says,
  see,
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
const NOT_NOW = { status: 503, json: { code: 'unavailable', title: 'Not now' } };
/** Until later. */
const busy = answer(
  SYNC,
  ...Array.from({ length: 9 }, () => ({ ...NOT_NOW, headers: { 'Retry-After': '60' } })),
);
/** Takes no change, as often as it is asked. */
const broken = answer('**/api/sync/push', ...Array.from({ length: 99 }, () => NOT_NOW));
/** Lets nobody in. */
const out = answer(
  SYNC,
  ...Array.from({ length: 99 }, () => ({
    status: 403,
    json: { code: 'not_a_member', title: 'No member', detail: 'You are not a member.' },
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

const toCentre =
  (tab: RegExp): Act =>
  async (page) => {
    await page.getByRole('link', { name: /^Sync centre/ }).click();
    await page.getByRole('tab', { name: tab }).click();
  };
const row =
  (text: string | RegExp): Act =>
  (page) =>
    page.locator('main [data-index]', { hasText: text }).first().click();
const refuseOne = all(refuse('feedings'), save(1), says(/^1 needs you/));

/** The Sync centre after somebody has done something in the care log. */
const centre = (
  name: string,
  tab: RegExp,
  before: Act,
  shows: string | RegExp,
  after: Act = () => Promise.resolve(),
  world: Scene['world'] = 'three',
): Scene => ({
  name: `centre-${name}`,
  world,
  // Once seen, it is there when the server is not.
  path: '/sync',
  does: all(says(/^Synced|need you/), click(/^Care log/, 'link'), before, toCentre(tab), after),
  shows,
});
const nothing: Act = () => Promise.resolve();

const centres: readonly Scene[] = [
  centre('waiting-0', /^Waiting/, nothing, 'Nothing waits', nothing, 'empty'),
  centre('waiting-3', /^Waiting/, all(goOffline, save(3), says(/^Offline\. 3/)), '3 waiting'),
  centre(
    'waiting-item',
    /^Waiting/,
    all(goOffline, save(1), says(/^Offline\. 1/)),
    'Sending needs a network',
    row('New feeding'),
  ),
  centre(
    'waiting-discard',
    /^Waiting/,
    all(goOffline, save(1), says(/^Offline\. 1/)),
    'Save a copy and discard',
    all(row('New feeding'), click('Discard')),
  ),
  centre(
    'waiting-failed',
    /^Waiting/,
    all(broken, save(1), says(/^1 needs you/)),
    /tried \d+ times/,
  ),
  centre('sent', /^Waiting/, all(save(2), synced), 'Accepted', click(/^Sent/)),
  centre('needs-you-0', /^Needs you/, nothing, 'Nothing needs you', nothing, 'empty'),
  centre('needs-you-1', /^Needs you/, refuseOne, 'Not accepted: 1 change'),
  centre(
    'needs-you-3',
    /^Needs you/,
    all(refuse('feedings'), save(3), says(/^3 need you/)),
    'Try all again',
  ),
  centre('needs-you-item', /^Needs you/, refuseOne, 'You wrote', row('New feeding')),
  centre(
    'needs-you-edit',
    /^Needs you/,
    refuseOne,
    'Save and try again',
    all(row('New feeding'), click('Edit and try again')),
  ),
  centre(
    'needs-you-discarded',
    /^Needs you/,
    refuseOne,
    /^Discarded/,
    all(row('New feeding'), click('Discard'), click('Save a copy and discard')),
  ),
  centre(
    'not-member',
    /^Needs you/,
    all(out, save(1), says(/^No longer a member/)),
    'Nothing arrives while you are not a member',
    nothing,
    'empty',
  ),
  centre('needs-you-versions', /^Needs you/, nothing, 'Decide', nothing, 'contested'),
  centre('activity', /^Activity/, all(save(2), synced), /^Sent \d/),
  centre(
    'activity-0',
    /^Activity/,
    nothing,
    'No errors',
    (page) => page.getByText('Errors', { exact: true }).click(),
    'empty',
  ),
  centre(
    'activity-details',
    /^Activity/,
    refuseOne,
    'Copy',
    all(see(/unknown field/), click('Details')),
  ),
  centre('device', /^This device/, all(save(2), synced), 'In numbers'),
  centre(
    'device-verified',
    /^This device/,
    nothing,
    'Everything here equals the server',
    click('Verify this device'),
  ),
  centre('device-offline', /^This device/, goOffline, 'This needs a network.'),
];

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
  sync('needs-you', /^1 needs you/, all(refuse('feedings'), save(1)), 'Not accepted: 1 change'),
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
  ...centres,
];
