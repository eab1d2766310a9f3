// The care log in its states, with everything that opens on it.

import {
  all,
  breakStorage,
  click,
  fill,
  goOffline,
  hold,
  pick,
  refuse,
  says,
  type Act,
  type Scene,
} from '../scene.ts';
import { addFeeding, editFeeding } from '../../support/browser.ts';

const synced = says(/^Synced/);
const open = all(synced, pick('.feeding-row', '90 ml'));
const awayWithChanges: Act = async (page, world) => {
  await all(synced, goOffline)(page, world);
  await editFeeding(page, '90 ml', { notes: 'Left a little' });
  await addFeeding(page, { amountMl: 110 });
};

export const care: readonly Scene[] = [
  { name: 'care-0', world: 'empty', path: '/care', does: synced, shows: 'No feedings yet' },
  { name: 'care-3', world: 'three', path: '/care', does: synced, shows: '3 feedings' },
  { name: 'care-3000', world: 'thousands', path: '/care', does: synced, shows: '3,000 feedings' },
  { name: 'care-sample', world: 'sample', path: '/care', does: synced, shows: /^\d+ feedings$/ },
  {
    name: 'care-chart',
    only: 390,
    world: 'thousands',
    path: '/care?view=chart',
    does: synced,
    shows: 'Amounts per day',
  },
  {
    name: 'care-chart-30',
    world: 'thousands',
    path: '/care?view=chart&days=30',
    does: synced,
    shows: 'Amounts per day',
  },
  {
    name: 'care-chart-table',
    world: 'thousands',
    path: '/care?view=chart',
    does: all(synced, click('Show as a table')),
    shows: 'Show as a chart',
  },
  {
    name: 'care-loading',
    world: 'three',
    path: '/care',
    before: hold('**/api/sync/pull'),
    does: (page) => page.getByRole('status', { name: 'Receiving feedings' }).waitFor(),
    shows: 'Care log',
  },
  {
    name: 'care-error',
    world: 'three',
    path: '/care',
    before: all(breakStorage('feedings'), hold('**/api/sync/pull')),
    shows: 'could not be read',
  },
  { name: 'care-offline', world: 'three', path: '/care', does: awayWithChanges, shows: '110 ml' },
  {
    name: 'care-refused',
    world: 'three',
    path: '/care',
    before: refuse('feedings'),
    does: all(synced, (page) => editFeeding(page, '90 ml', { amountMl: 95 })),
    shows: '1 change was not accepted',
  },
  {
    name: 'care-search',
    world: 'thousands',
    path: '/care?q=slept',
    does: synced,
    shows: /of 3,000 feedings/,
  },
  {
    name: 'care-search-nothing',
    world: 'three',
    path: '/care?q=tea',
    does: synced,
    shows: 'No feeding has',
  },
  {
    name: 'care-export',
    world: 'three',
    path: '/care',
    does: all(synced, click('Export as a table')),
    shows: 'All 3 feedings',
  },
  { name: 'feeding', world: 'three', path: '/care', does: open, shows: /^Time zone/ },
  {
    name: 'feeding-right-to-left',
    world: 'three',
    path: '/care',
    does: all(synced, pick('.feeding-row', 'puree')),
    shows: /^Time zone/,
  },
  {
    name: 'feeding-new',
    world: 'three',
    path: '/care',
    does: all(synced, click('Add feeding')),
    shows: 'New feeding',
  },
  {
    name: 'feeding-new-mistakes',
    world: 'three',
    path: '/care/new',
    does: all(synced, fill('Amount in ml', '-5'), fill('When', ''), (page) =>
      page.getByRole('dialog').getByRole('button', { name: 'Add feeding' }).click(),
    ),
    shows: 'New feeding',
  },
  {
    name: 'feeding-deleted',
    world: 'three',
    path: '/care',
    does: all(open, goOffline, click('Delete')),
    shows: 'Deleted',
  },
  {
    name: 'feeding-missing',
    world: 'three',
    path: '/care/nothing',
    does: synced,
    shows: 'This feeding is not on this device',
  },
];
