// The README's commands, run one after the other as they stand there, but for the folder and port.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { call } from '../support/live-server.ts';
import { makeDataFolder } from '../support/server-process.ts';

const run = promisify(execFile);
const folder = makeDataFolder();
afterAll(() => folder.remove());

/** `npm run -s holdfast --` works on the test's folder where it names none; a stream that never ends is ended. */
const prelude = `
npm() {
  shift 4
  case " $* " in
    *" --data "*) node server/bin.mjs "$@" ;;
    *) node server/bin.mjs "$@" --data "$DATA" ;;
  esac
}
curl() { command curl --max-time 3 --fail-with-body "$@" || [ $? = 28 ]; }
`;

it('the commands of the README do what it says', async () => {
  const server = await folder.serve();
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n(.*?)^```/gms)]
    .map(([, block = '']) => block)
    .filter((block) => !block.startsWith('npm ci') && !block.startsWith('npm test'));
  expect(blocks.length).toBeGreaterThan(6);
  const commands = blocks.join('\n').replaceAll('http://localhost:8080', server.url);
  const script = `set -euo pipefail\n${prelude}\n${commands}\necho; echo "TOKEN=$TOKEN"`;
  const { stdout } = await run('bash', ['-c', script], {
    env: { ...process.env, DATA: folder.path },
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stdout.includes('"verdict":"accepted"')).toBe(true);
  const token = /TOKEN=(\S+)/.exec(stdout)?.[1];
  const pulled = await call(server.url, token, '/rxdb/pins/0/pull?limit=5000');
  const { documents } = pulled.json() as { documents: unknown[] };
  // The airports, the pin of the push and the one of the stock client.
  expect(documents.length).toBe(3_376 + 2);
  await server.kill('SIGTERM');
});
