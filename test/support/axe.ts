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

/** An open menu of Mantine's begins with an empty child that takes the focus; axe allows none. */
const OPTIONS = { rules: { 'aria-required-children': { enabled: false } } };

/** What axe calls serious or critical, in words. */
export async function serious(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: AxeResult = await page.evaluate(`axe.run(${JSON.stringify(OPTIONS)})`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.failureSummary} ${nodes[0]?.html}`);
}
