// axe on every screen and dialog in every state that there is a picture of, wide and narrow in turn;
// in the dark only what darkness changes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenes } from '../screenshots/scenes/all.ts';
import { openStage, type Stage } from '../screenshots/stage.ts';
import { COLOURS, serious } from '../support/axe.ts';
import { DESK, PHONE } from '../support/browser.ts';

/** Several are looked at together, so that each one takes longer. */
const TIMEOUT_MS = 240_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const seats = scenes.map((scene, at) => {
  const wide = scene.only === undefined ? at % 2 === 0 : scene.only === DESK.width;
  return { scene, size: wide ? DESK : PHONE };
});

describe('axe finds nothing serious', () => {
  it.concurrent.each(seats)(
    'on $scene.name at $size.width px',
    async ({ scene, size }) => {
      await stage.play(scene, { size }, async (page) => {
        for (const [colorScheme, rules] of [['light'], ['dark', COLOURS]] as const) {
          await page.emulateMedia({ colorScheme });
          // The page itself has no height while all of it is a sheet.
          const inScheme = page.locator(`[data-mantine-color-scheme="${colorScheme}"]`);
          await inScheme.waitFor({ state: 'attached' });
          expect(await serious(page, rules), colorScheme).toEqual([]);
        }
      });
    },
    TIMEOUT_MS,
  );
});
