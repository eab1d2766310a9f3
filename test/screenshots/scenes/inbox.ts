// The inbox and the dialog in which two versions are settled.

import { all, click, goOffline, hold, breakStorage, says, type Act, type Scene } from '../scene.ts';

const needsYou = says(/need(s)? you/);
const open =
  (text: string): Act =>
  (page) =>
    page.locator('[data-index]', { hasText: text }).first().click();
const choose =
  (name: RegExp): Act =>
  (page) =>
    page.getByRole('radio', { name }).check();
const keepMine = all(open('and'), click('Keep mine'), click('Save'));

export const inbox: readonly Scene[] = [
  {
    name: 'inbox-0',
    world: 'empty',
    path: '/inbox',
    does: says(/^Synced/),
    shows: 'Nothing waits for you',
  },
  { name: 'inbox-3', world: 'contested', path: '/inbox', does: needsYou, shows: 'Open 2' },
  {
    name: 'inbox-300',
    world: 'contested by 300',
    path: '/inbox',
    does: needsYou,
    shows: '300 things wait for you',
  },
  {
    name: 'inbox-information',
    world: 'contested',
    path: '/inbox?show=information',
    does: needsYou,
    shows: /^Put away all/,
  },
  {
    name: 'inbox-overwritten',
    world: 'contested',
    path: '/inbox?show=information',
    does: all(needsYou, open('overwrote')),
    shows: 'Use my version',
  },
  {
    name: 'inbox-settle',
    world: 'contested',
    path: '/inbox',
    does: all(needsYou, open('You and')),
    shows: 'Choose a version for each field.',
  },
  {
    name: 'inbox-settle-other',
    world: 'contested',
    path: '/inbox',
    does: all(needsYou, open('and you'), choose(/^Amount, W/), choose(/^Notes, Yours/)),
    shows: 'Result',
  },
  {
    name: 'inbox-decided-offline',
    world: 'contested',
    path: '/inbox',
    does: all(needsYou, open('You and'), click('Cancel'), goOffline, keepMine),
    shows: 'Settled.',
  },
  {
    name: 'inbox-error',
    world: 'contested',
    path: '/inbox',
    before: all(breakStorage('conflicts'), hold('**/api/sync/pull')),
    shows: 'could not be read',
  },
  {
    name: 'inbox-loading',
    world: 'contested',
    path: '/inbox',
    before: hold('**/api/sync/pull'),
    shows: 'Inbox',
  },
  {
    name: 'care-two-versions',
    world: 'contested',
    path: '/care',
    does: needsYou,
    shows: '2 feedings',
  },
  {
    name: 'care-two-versions-open',
    world: 'contested',
    path: '/care/c1',
    does: needsYou,
    shows: 'Compare and choose',
  },
];
