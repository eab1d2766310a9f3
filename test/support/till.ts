// The tests' own till (journeys/pages/till.ts) in Chromium, at the origin of a real server, on which
// no screen for it exists.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import type { Till } from '../journeys/pages/till.ts';
import type { Death } from '../journeys/pages/steps.ts';

interface Bundle {
  readonly entry: string;
  readonly scripts: ReadonlyMap<string, string>;
}
let built: Promise<Bundle> | undefined;

async function bundle(): Promise<Bundle> {
  const input = new URL('../journeys/pages/till.ts', import.meta.url).pathname;
  const made = await build({
    configFile: false,
    logLevel: 'error',
    base: '/till/',
    build: { write: false, target: 'es2023', rollupOptions: { input } },
  });
  const outputs = Array.isArray(made) ? made : [made];
  const files = outputs.flatMap((one) => ('output' in one ? one.output : []));
  const chunks = files.flatMap((file) => (file.type === 'chunk' ? [file] : []));
  const entry = chunks.find(({ isEntry }) => isEntry);
  if (entry === undefined) throw new Error('Nothing was built.');
  const scripts = chunks.map(({ fileName, code }) => [`/till/${fileName}`, code] as const);
  return { entry: `/till/${entry.fileName}`, scripts: new Map(scripts) };
}

/** A profile in which `/till` and its scripts come from the test. */
export async function newTillContext(browser: Browser): Promise<BrowserContext> {
  const { entry, scripts } = await (built ??= bundle());
  const context = await browser.newContext();
  await context.route(/\/till[/?]/, (route) => {
    const script = scripts.get(new URL(route.request().url()).pathname);
    const page = `<!doctype html><title>Till</title><script type="module" src="${entry}"></script>`;
    return script === undefined
      ? route.fulfill({ contentType: 'text/html', body: page })
      : route.fulfill({ contentType: 'text/javascript', body: script });
  });
  return context;
}

/** Where a till is; it dies at a step if one is given. */
export function tillAt(
  { url, token }: { readonly url: string; readonly token: string },
  death?: Death,
): string {
  const asked = new URLSearchParams({ token });
  if (death !== undefined) {
    asked.set('dies', death.kind);
    asked.set('nth', String(death.nth));
  }
  return `${url}/till?${asked.toString()}`;
}

export const isOpen = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => window.till !== undefined);
};

type Methods = {
  [K in keyof Till as Till[K] extends (...given: never[]) => unknown ? K : never]: Till[K];
};

/** Calls the till on a page. */
export async function ask<K extends keyof Methods>(
  page: Page,
  method: K,
  ...given: Parameters<Methods[K]>
): Promise<Awaited<ReturnType<Methods[K]>>> {
  const answer: unknown = await page.evaluate(
    async ([name, list]) => {
      const call: unknown = Reflect.get(window.till ?? {}, name);
      if (typeof call !== 'function') throw new Error(`The till has no ${name}.`);
      const said: unknown = await Reflect.apply(call, window.till, list);
      return said;
    },
    [method, given] as const,
  );
  return answer as Awaited<ReturnType<Methods[K]>>;
}
