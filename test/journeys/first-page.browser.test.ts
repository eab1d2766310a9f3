// How much script the first page asks for with an empty cache, as gzip sends it; and, told rather
// than asserted, how long it takes on a processor that is four times slower.

import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { logIn } from '../support/browser.ts';
import { ADA, withDashboard } from '../support/dashboard.ts';

const BUDGET_BYTES = 350_000;
const SLOWER = 4;
/** client/screens/screens.ts */
const QUIET_MS = 3_000;
const dashboard = withDashboard();

/** What is loaded after some quiet seconds is not loaded at all: however slow the machine is. */
const neverQuiet = (page: Page): Promise<unknown> =>
  page.addInitScript((quietMs) => {
    const later = window.setTimeout.bind(window);
    Object.assign(window, {
      setTimeout: (run: () => void, ms?: number) => (ms === quietMs ? 0 : later(run, ms)),
    });
  }, QUIET_MS);

/** Follows the scripts that a page asks for. */
const followScripts = (page: Page): (() => Promise<number>) => {
  const scripts = new Map<string, Response>();
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.set(response.url(), response);
  });
  return async () => {
    const bodies = await Promise.all([...scripts.values()].map((script) => script.body()));
    expect(bodies.length).toBeGreaterThan(0);
    return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  };
};

describe('the first page', () => {
  it('asks for less than 350 kB of script until the map after the log-in can be used', async () => {
    const page = await dashboard.visit('about:blank');
    await neverQuiet(page);
    const scriptBytes = followScripts(page);
    const device = await page.context().newCDPSession(page);
    await device.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    const openedMs = performance.now();
    await page.goto(dashboard.url);
    await page.getByLabel('Email').waitFor();
    const doorMs = performance.now() - openedMs;
    const doorBytes = await scriptBytes();
    const enteredMs = performance.now();
    await logIn(page, ADA);
    await page.getByRole('button', { name: 'Add the first pin' }).click({ trial: true });
    const mapMs = performance.now() - enteredMs;
    const mapBytes = await scriptBytes();
    console.log(
      `log-in: ${doorBytes} bytes of script, after ${Math.round(doorMs)} ms; ` +
        `map: ${mapBytes} bytes, ${Math.round(mapMs)} ms after the log-in was sent`,
    );
    expect(mapBytes).toBeLessThan(BUDGET_BYTES);
  });

  it('asks for a module’s screen only where somebody may go there', async () => {
    const page = await dashboard.visit(dashboard.url);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await page.getByLabel('Email').waitFor();
    expect(asked.some((url) => /assets\/index-/.test(url))).toBe(true);
    expect(asked.filter((url) => /(?:Map|Care|Workspace|FirstStart)Screen/.test(url))).toEqual([]);
  });
});
