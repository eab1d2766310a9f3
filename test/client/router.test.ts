// Addresses of the page, and which modules a workspace uses.

import { expect, it } from 'vitest';
import { parseModules } from '../../client/modules.ts';
import { parseRoute, today } from '../../client/router.ts';

it('an address names a module and, within it, a record and filters', () => {
  expect(parseRoute('/care')).toMatchObject({ screen: 'care' });
  const { screen, open, query } = parseRoute('/map/a%2Fb?q=gate');
  expect([screen, open, query.get('q')]).toEqual(['map', 'a/b', 'gate']);
});

it('the start is no module, and what is not known is said to be so', () => {
  expect(parseRoute('/?q=x').screen).toBe('start');
  for (const address of ['/nowhere', '/care/a/b', '/__proto__'])
    expect(parseRoute(address).screen).toBe('unknown');
});

it('the addresses that pins had before lead to the map', () => {
  expect(parseRoute('/pins/new')).toMatchObject({ screen: 'map', open: 'new' });
  expect(today('/pins')).toBe('/map');
  expect(today('/pinsel')).toBe('/pinsel');
});

it('a workspace without a list of modules uses all, and unknown ones are left out', () => {
  expect(parseModules(undefined)).toEqual(['map', 'care']);
  expect(parseModules(['care', 'tomorrow'])).toEqual(['care']);
  expect(parseModules(['tomorrow'])).toEqual(['map', 'care']);
});
