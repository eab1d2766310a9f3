// Where this machine's Chromium is. Plain JavaScript, because the vitest configuration and the
// report around it read it too.

import { isExecutable, onPath } from './programs.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/usr/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * `CHROMIUM_PATH`, or the first Chromium on the PATH or in its usual place.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return isExecutable(named) ? named : undefined;
  return onPath(NAMES) ?? PLACES.find(isExecutable);
}
