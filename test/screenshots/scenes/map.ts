// The field map in its states, with everything that opens on it.

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
import { addPin, editPin, onMap, pinRow } from '../../support/browser.ts';
import { until } from '../../support/until.ts';

const synced = says(/^Synced/);
const openPin = (title: string) => all(synced, pick('.pin-row', title));
const awayWithChanges: Act = async (page, world) => {
  await all(synced, goOffline)(page, world);
  await editPin(page, 'North gate', { notes: 'The hinge is broken' });
  await addPin(page, 'Loose railing');
  await addPin(page, 'Fallen tree across the towpath');
  await pinRow(page, 'Fallen tree').waitFor();
};
const refusedEdit: Act = (page) => editPin(page, 'North gate', { status: 'done' });
const refusedNew: Act = (page) => addPin(page, 'Loose railing');
const refusedLongNames: Act = async (page) => {
  await editPin(page, 'Pumping station', { status: 'done' });
  await editPin(page, 'محطة', { status: 'open' });
};
const placeByTap: Act = async (page) => {
  const { x, y } = await onMap(page, 0.4, 0.5);
  await page.mouse.click(x, y);
};
let added = 0;
const addedByOther: Act = async (page, { write }) => {
  added += 1;
  const title = `Aachen, New street cabinet ${added}`;
  const position = { lat: 50.78, lng: 6.08 };
  await write('pins', [{ title, position, kind: 'asset', status: 'open', notes: '' }]);
  const fades = (): Promise<boolean> =>
    pinRow(page, title).evaluate((row) => row.getAnimations().length > 0);
  await until(fades, 'the mark on what somebody else added');
};

export const map: readonly Scene[] = [
  { name: 'map-0', world: 'empty', path: '/map', does: synced, shows: 'No pins yet' },
  {
    name: 'map-0-on-map',
    only: 390,
    world: 'empty',
    path: '/map?view=map',
    does: synced,
    shows: 'Add here',
  },
  { name: 'map-3', world: 'three', path: '/map', does: synced, shows: '3 pins' },
  {
    name: 'map-3-on-map',
    only: 390,
    world: 'three',
    path: '/map?view=map',
    does: synced,
    shows: 'Add here',
  },
  { name: 'map-3000', world: 'thousands', path: '/map', does: synced, shows: '3,000 pins' },
  {
    name: 'map-3000-on-map',
    only: 390,
    world: 'thousands',
    path: '/map?view=map',
    does: synced,
    shows: '3,000 pins',
  },
  { name: 'map-sample', world: 'sample', path: '/map', does: synced, shows: /^3,\d+ pins$/ },
  {
    name: 'map-loading',
    world: 'three',
    path: '/map',
    before: hold('**/api/sync/pull'),
    does: (page) => page.getByRole('status', { name: 'Receiving pins' }).waitFor(),
    shows: 'Field map',
  },
  {
    name: 'map-error',
    world: 'three',
    path: '/map',
    before: all(breakStorage('pins'), hold('**/api/sync/pull')),
    shows: 'could not be read',
  },
  {
    name: 'map-offline',
    world: 'three',
    path: '/map',
    does: awayWithChanges,
    shows: 'Loose railing',
  },
  {
    name: 'map-offline-on-map',
    only: 390,
    world: 'three',
    path: '/map',
    does: all(awayWithChanges, (page) => page.getByText('Map', { exact: true }).click()),
    shows: 'Add here',
  },
  {
    name: 'map-refused',
    world: 'three',
    path: '/map',
    before: refuse('pins'),
    does: all(synced, refusedEdit),
    shows: '1 change was not accepted',
  },
  {
    name: 'map-refused-many',
    world: 'three',
    path: '/map',
    before: refuse('pins'),
    does: all(synced, refusedEdit, refusedNew, refusedNew),
    shows: '3 changes were not accepted',
  },
  {
    name: 'map-refused-long-names',
    world: 'three',
    path: '/map',
    before: refuse('pins'),
    does: all(synced, refusedLongNames),
    shows: '2 changes were not accepted',
  },
  {
    name: 'map-changed',
    world: 'sample',
    path: '/map',
    does: all(synced, addedByOther),
    shows: 'Aachen',
    fades: true,
  },
  {
    name: 'map-search',
    world: 'thousands',
    path: '/map?q=lake',
    does: synced,
    shows: /of 3,000 pins/,
  },
  {
    name: 'map-search-nothing',
    world: 'three',
    path: '/map?q=lighthouse',
    does: synced,
    shows: 'No pin has',
  },
  {
    name: 'map-filter',
    world: 'thousands',
    path: '/map?kind=hazard,site',
    does: all(synced, click(/^Filter/)),
    shows: 'Kind',
  },
  { name: 'pin', world: 'three', path: '/map', does: openPin('North gate'), shows: 'Latitude' },
  {
    name: 'pin-long-name',
    world: 'three',
    path: '/map',
    does: openPin('Pumping station'),
    shows: 'Latitude',
  },
  {
    name: 'pin-right-to-left',
    world: 'three',
    path: '/map',
    does: openPin('محطة'),
    shows: 'Latitude',
  },
  // In Athens, where there is land all around.
  {
    name: 'pin-sample',
    world: 'sample',
    path: '/map/tide-gauge',
    does: synced,
    shows: 'Inspection',
  },
  {
    name: 'pin-form',
    world: 'three',
    path: '/map',
    does: all(openPin('North gate'), goOffline, click('Add form'), click('Inspection', 'menuitem')),
    shows: 'Meter reading',
  },
  {
    name: 'pin-form-cancelled',
    world: 'three',
    path: '/map',
    does: all(
      openPin('North gate'),
      goOffline,
      click('Add form'),
      click('Inspection', 'menuitem'),
      (page) =>
        page.getByRole('region', { name: 'Forms' }).getByRole('button', { name: 'Cancel' }).click(),
    ),
    shows: 'Undo',
  },
  {
    name: 'pin-form-choice',
    world: 'three',
    path: '/map',
    does: all(openPin('North gate'), click('Add form')),
    shows: 'Safety round',
  },
  {
    name: 'pin-new',
    world: 'three',
    path: '/map',
    does: all(synced, click('Add pin')),
    shows: 'New pin',
  },
  {
    name: 'pin-new-mistakes',
    world: 'three',
    path: '/map/new',
    does: all(fill('Latitude', '99'), (page) => page.keyboard.press('Enter')),
    shows: 'Latitude',
  },
  {
    name: 'pin-placing',
    world: 'three',
    path: '/map?view=map',
    does: all(synced, click('Add here')),
    shows: 'Tap where the pin belongs',
  },
  {
    name: 'pin-placed',
    world: 'three',
    path: '/map?view=map',
    does: all(synced, click('Add here'), placeByTap),
    shows: 'New pin',
  },
  {
    name: 'pin-deleted',
    world: 'three',
    path: '/map',
    does: all(openPin('North gate'), goOffline, click('Delete')),
    shows: 'Deleted',
  },
  {
    name: 'pin-missing',
    world: 'three',
    path: '/map/nothing',
    does: synced,
    shows: 'This pin is not on this device',
  },
];
