// `npm run bench:audit`: a full audit of local data on RxDB's memory storage in Node and on Dexie in a
// real Chromium. Prints a table and, as its last line, the same as JSON.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { build } from 'vite';
import { openBrowser } from '../../test/support/browser.ts';
import { measure, type Cost } from './measure.ts';

const { values } = parseArgs({ options: { documents: { type: 'string', default: '10000' } } });
const documents = Number(values.documents);

interface Line extends Cost {
  readonly storage: string;
}

async function script(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: {
        input: new URL('page.ts', import.meta.url).pathname,
        output: { codeSplitting: false },
      },
    },
  });
  const [output] = [built].flat();
  if (output === undefined || !('output' in output)) throw new Error('Nothing was built.');
  return output.output[0].code;
}

async function inChromium(): Promise<Cost> {
  const code = await script();
  const server = createServer((request, response) => {
    const isScript = request.url === '/script.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? code : '<!doctype html><script type="module" src="/script.js"></script>',
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'measureAudit' in globalThis);
    return await page.evaluate<Cost, number>(`measureAudit(${documents})` as never, documents);
  } finally {
    await browser.close();
    server.close();
  }
}

const lines: Line[] = [
  { storage: 'memory, Node', ...(await measure(getRxStorageMemory(), documents)) },
  { storage: 'Dexie, Chromium', ...(await inChromium()) },
];
for (const { storage, scanMs, auditMs } of lines) {
  const per = Math.round((auditMs / documents) * 10_000);
  const times = (auditMs / scanMs).toFixed(2);
  console.log(
    `${storage.padEnd(18)}audit ${auditMs} ms, ${per} ms per 10,000; RxDB's walk ${scanMs} ms (${times} times)`,
  );
}
console.log(JSON.stringify(lines));
