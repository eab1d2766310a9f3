// First start, log-in, and what is shown where the dashboard can't be.

import {
  all,
  answer,
  breakStorage,
  click,
  cut,
  fill,
  forgetLogIn,
  hold,
  says,
  type Act,
  type Scene,
} from '../scene.ts';
import { addPin } from '../../support/browser.ts';

const SETUP = '/setup#CODE';
const aboutYou = all(
  fill('Your name', 'Mara'),
  fill('Email', 'mara@example.org'),
  fill('Password', 'correct horse'),
  fill('Workspace name', 'Harbour survey'),
  click('Load sample data', 'checkbox'),
);
const create = click('Create workspace');
const made: Act = (page) =>
  page.route('**/api/setup', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 201, json: {} })
      : route.continue(),
  );

export const doors: readonly Scene[] = [
  { name: 'first-start', world: 'new', path: SETUP, shows: 'Your account' },
  { name: 'first-start-filled', world: 'new', path: SETUP, does: aboutYou, shows: 'Your account' },
  { name: 'first-start-mistakes', world: 'new', path: SETUP, does: create, shows: 'Your account' },
  {
    name: 'first-start-progress',
    world: 'new',
    path: SETUP,
    before: all(
      made,
      answer('**/api/sample', { status: 200, json: { done: 1_412, total: 4_472 } }),
    ),
    does: all(aboutYou, create),
    shows: '1,412 of 4,472 records',
  },
  {
    name: 'first-start-stopped',
    world: 'new',
    path: SETUP,
    before: all(made, cut('**/api/sample')),
    does: all(aboutYou, create),
    shows: 'Sample data is not complete',
  },
  {
    name: 'first-start-wrong-code',
    world: 'new',
    path: '/setup#not-the-code',
    does: all(aboutYou, create),
    shows: 'This address can’t be used any more',
  },
  {
    name: 'first-start-no-code',
    world: 'new',
    path: '/setup',
    shows: 'This address is not complete',
  },
  {
    name: 'first-start-no-server',
    world: 'new',
    path: SETUP,
    before: cut('**/api/setup'),
    shows: 'Can’t reach the server',
  },
  {
    name: 'first-start-loading',
    world: 'new',
    path: SETUP,
    before: hold('**/api/setup'),
    shows: 'Welcome to Holdfast',
  },
  {
    name: 'first-start-done',
    world: 'sample',
    path: SETUP,
    shows: 'This server is set up already',
  },
  { name: 'server-is-new', world: 'new', path: '/', shows: 'This server is new' },
  { name: 'log-in', world: 'three', path: '/', before: forgetLogIn, shows: 'Log in' },
  {
    name: 'log-in-wrong-password',
    world: 'three',
    path: '/',
    before: forgetLogIn,
    does: all(fill('Email', 'ada@example.org'), fill('Password', 'guessed'), click('Log in')),
    shows: /do not belong together/,
  },
  {
    name: 'log-in-no-server',
    world: 'new',
    path: '/',
    before: cut('**/api/session'),
    shows: 'Can’t reach the server',
  },
  {
    name: 'log-in-expired',
    world: 'three',
    path: '/map',
    does: all(
      says(/^Synced/),
      forgetLogIn,
      (page) => addPin(page, 'After the end'),
      click(/^Log in to sync/),
    ),
    shows: 'Log in to sync',
  },
  {
    name: 'log-out',
    world: 'three',
    path: '/map',
    does: all(says(/^Synced/), click(/^Menu of/), click('Log out', 'menuitem')),
    shows: 'Everything is on the server',
  },
  {
    name: 'log-out-unsent',
    world: 'three',
    path: '/map',
    does: all(
      says(/^Synced/),
      cut('**/api/sync/push'),
      (page) => addPin(page, 'Not sent'),
      click(/^Menu of/),
      click('Log out', 'menuitem'),
    ),
    shows: 'Log out and lose 1 change',
  },
  {
    name: 'user-menu',
    world: 'three',
    path: '/map',
    does: click(/^Menu of/),
    shows: 'Log out',
  },
  {
    name: 'insecure',
    world: 'new',
    path: '/',
    insecure: true,
    shows: 'This address can’t keep your work safe',
  },
  {
    name: 'unknown-address',
    world: 'three',
    path: '/nowhere',
    shows: 'There is nothing at this address',
  },
  {
    name: 'opening',
    world: 'three',
    path: '/map',
    only: 1280,
    before: hold('**/assets/MapScreen-*.js'),
    shows: 'Field map',
  },
  {
    name: 'part-missing',
    world: 'three',
    path: '/map',
    before: cut('**/assets/MapScreen-*.js'),
    shows: 'This part of the page could not be shown',
  },
  {
    name: 'storage-broken',
    world: 'three',
    path: '/map',
    before: breakStorage('everything'),
    shows: 'This browser could not open your data',
  },
];
