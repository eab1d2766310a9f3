// Plays a scene in a new profile, up to the moment in which there is something to look at.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { newContext, openBrowser, type Seat } from '../support/browser.ts';
import { all, see, type Scene } from './scene.ts';
import { makeWorlds, type Worlds } from './worlds.ts';

/** Leads to this machine, which browsers trust only by its own names. */
const ELSEWHERE = 'holdfast.example';
/** Several are played together, with thousands of records each, on whatever machine there is. */
const WAIT_MS = 180_000;

export interface Stage {
  /** Shows a scene, lets `look` see it, and takes everything away again. */
  readonly play: (scene: Scene, seat: Seat, look: (page: Page) => Promise<void>) => Promise<void>;
  readonly end: () => Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const browser = await openBrowser(`--host-resolver-rules=MAP ${ELSEWHERE} localhost`);
  const worlds = await makeWorlds().catch(async (cause: unknown) => {
    await browser.close();
    throw cause;
  });
  return {
    play: (scene, seat, look) => play(browser, worlds, scene, seat, look),
    end: async () => {
      await browser.close();
      await worlds.end();
    },
  };
}

async function play(
  browser: Browser,
  worlds: Worlds,
  scene: Scene,
  seat: Seat,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await newContext(browser, seat);
  try {
    await look(await shown(context, worlds, scene));
  } catch (cause) {
    throw new Error(`The scene ${scene.name}: ${String(cause)}`, { cause });
  } finally {
    // Closing lifts what keeps it offline: nothing may get out of this profile then.
    await context.route('**/api/**', (route) => route.abort());
    await context.close();
  }
}

async function shown(context: BrowserContext, worlds: Worlds, scene: Scene): Promise<Page> {
  const world = worlds.of(scene.world);
  const url = scene.insecure ? world.url.replace('localhost', ELSEWHERE) : world.url;
  if (world.cookie) await context.addCookies([{ ...world.cookie, url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scene.before?.(page, world);
  await page.goto(url + scene.path.replace('CODE', world.code));
  await all(scene.does ?? (() => Promise.resolve()), see(scene.shows))(page, world);
  return page;
}
