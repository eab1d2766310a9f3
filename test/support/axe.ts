// What axe finds on a page as it stands now.

import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface AxeResult {
  readonly violations: readonly {
    id: string;
    impact: string;
    nodes: { html: string; failureSummary: string }[];
  }[];
}

/** The rules of axe that look at colours. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe calls serious or critical, in words.
 *
 * @param rules only these; else all
 */
export async function serious(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // What is still fading in has no contrast yet.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== 'running' || effect?.getComputedTiming().iterations === Infinity,
      ),
  );
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const options = JSON.stringify({ resultTypes: ['violations'], runOnly: rules });
  const found: AxeResult = await page.evaluate(`axe.run(${options})`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.failureSummary} ${nodes[0]?.html}`);
}
