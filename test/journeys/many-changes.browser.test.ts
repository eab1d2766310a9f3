// A day's work without a network: 2,000 pins are changed offline, and their sending is shown in numbers.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { indicatorSays } from '../support/browser.ts';
import { ADA, SOON, withDashboard } from '../support/dashboard.ts';
import { WORKSPACE } from '../support/live-server.ts';
import { bundleOf } from '../support/page-bundle.ts';

const MANY = 2_000;
const dashboard = withDashboard();

it('2,000 pins that were changed offline are sent, with their number, and stand once each', async () => {
  const file = join(dashboard.folder.path, 'pins.json');
  const pins = Array.from({ length: MANY }, (_, index) => ({
    id: `p${String(index).padStart(4, '0')}`,
    title: 'before',
    position: { lat: (index % 120) - 60, lng: (index % 300) - 150 },
    kind: 'site',
    status: 'open',
    notes: '',
  }));
  writeFileSync(file, JSON.stringify(pins));
  const who = ['--email', ADA, '--workspace', WORKSPACE, '--map', 'id=id'];
  await dashboard.folder.command('import', 'pins', file, ...who);

  const ada = await dashboard.open(ADA);
  await ada.page.getByText('2,000 pins', { exact: true }).waitFor();
  await indicatorSays(ada.page, /^Synced/);
  const script = await bundleOf(new URL('pages/rename.ts', import.meta.url));
  // An address that the dashboard's own worker leaves alone.
  await ada.context.route('**/api/rename*', (route) =>
    new URL(route.request().url()).pathname.endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><title>x</title><script type="module" src="rename.js"></script>',
        }),
  );
  const other = await ada.context.newPage();
  await other.goto(`${dashboard.url}/api/rename`);
  await other.waitForFunction(() => typeof window.renamePins === 'function');

  await ada.context.setOffline(true);
  expect(await other.evaluate(() => window.renamePins('after'))).toBe(MANY);
  await indicatorSays(ada.page, /^Offline\. 2,000 saved on this device/);
  // With the first answer the server is known to be back; the second request waits for the numbers.
  let requests = 0;
  await ada.context.route('**/api/sync/push', async (route) => {
    requests += 1;
    if (requests === 2) await indicatorSays(ada.page, /^Sending [1-9][\d,]* of 2,000/);
    await route.continue();
  });
  await ada.context.setOffline(false);
  await indicatorSays(ada.page, /^Synced/);
  expect(requests).toBeGreaterThan(1);
  await expect
    .poll(
      async () =>
        (await dashboard.onServer('pins')).filter(
          ({ title, rev = 0 }) => title === 'after' && rev > 0,
        ).length,
      SOON,
    )
    .toBe(MANY);
});
