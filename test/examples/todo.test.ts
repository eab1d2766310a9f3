// The example as a reader would run it.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('the to-do example carries a document from one client to the other', async () => {
  const { stdout } = await run('npx', ['tsx', 'examples/todo.ts']);
  expect(stdout).toContain('The desk sees: Buy milk');
  expect(readFileSync('examples/todo.ts', 'utf8').split('\n').length).toBeLessThan(80);
});
