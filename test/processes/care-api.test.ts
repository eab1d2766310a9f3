// The commands of docs/care-api.md, run one after the other as they stand there.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { makeDataFolder } from '../support/server-process.ts';

const run = promisify(execFile);
const folder = makeDataFolder();
afterAll(() => folder.remove());

/** Each answer on a line of its own. */
const prelude = `
curl() { command curl --max-time 20 --fail-with-body -w '\\n' "$@"; }
`;

it('the commands of the page on the care log do what it says', async () => {
  const TOKEN = await folder.prepare();
  const server = await folder.serve();
  const blocks = [...readFileSync('docs/care-api.md', 'utf8').matchAll(/^```sh\n(.*?)^```/gms)];
  expect(blocks.length).toBeGreaterThan(6);
  const commands = blocks.map(([, block = '']) => block).join('\n');
  const script = `set -euo pipefail\n${prelude}\n${commands}`;
  const { stdout } = await run(
    'bash',
    ['-c', script.replaceAll('http://localhost:8080', server.url)],
    { env: { ...process.env, TOKEN } },
  );
  const answers = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
  const inUtc = { client_id: 'morning', feeding_time: '2026-03-01T06:30:00.000Z' };
  const changed = { ...inUtc, amount_ml: 90, notes: 'Slept right after' };
  expect(answers).toMatchObject([
    { success: true, record: { ...inUtc, amount_ml: 120 } },
    { success: true, record: changed },
    { success: true, record: { client_id: 'by-mistake', notes: '' } },
    { success: true, record: { client_id: 'by-mistake', deleted: true } },
    { success: false, conflict: true, server_record: changed },
    { records: [changed], next_cursor: null },
    { records: [changed, { client_id: 'by-mistake', deleted: true }], next_cursor: null },
    {
      applied: false,
      run: null,
      matched: [
        { row: 0, client_id: 'morning', differences: { amount_ml: { legacy: 80, stored: 90 } } },
      ],
      unmatched: [{ row: 1, legacy_id: 2, filled: ['notes'], inserted: false }],
    },
    { success: true, removed: [expect.stringMatching(/^backfill-/)], left: [] },
  ]);
  await server.kill('SIGTERM');
});
