// Builds the service worker behind the dashboard: it gets the list of all built files, each with a
// digest of its content (docs/decisions/0008-own-service-worker.md).

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import type { Shell } from './client/worker/shell.ts';

const WORKER = 'worker.js';
const PAGE = 'index.html';
/** What sends unsent work without a page: the larger part, which the worker loads only for that. */
const SENDER = /^assets\/sender-\w+\.js$/;
const VERSION = /\s*<meta name="version"[^>]*>/;

export const digestOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32);

/**
 * Lists what lies in a built client and gives it a worker that keeps it. The version stands in the
 * page too, so that a page and a worker know whether they belong together.
 *
 * @param code The worker's, without its list.
 * @param sender The name of the script that sends.
 */
export function listShell(directory: string, code: string, sender: string): void {
  const page = readFileSync(join(directory, PAGE), 'utf8').replace(VERSION, '');
  const files = Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path !== WORKER && path !== PAGE && !SENDER.test(path))
      .toSorted()
      .map((path) => [`/${path}`, digestOf(readFileSync(join(directory, path)))]),
  );
  const version = digestOf(JSON.stringify([files, page, code, sender])).slice(0, 16);
  const marked = page.replace(
    '</head>',
    `  <meta name="version" content="${version}" />\n  </head>`,
  );
  writeFileSync(join(directory, PAGE), marked);
  const shell: Shell = {
    version,
    files: { [`/${PAGE}`]: digestOf(marked), ...files },
    sender: `/${sender}`,
  };
  writeFileSync(join(directory, WORKER), `self.SHELL = ${JSON.stringify(shell)};\n${code}`);
}

/** One script with everything in it, for workers may not import later. */
async function bundle(root: string, entry: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: {
        input: join(root, entry),
        // Of what a library asks of it only in a module.
        transform: { define: { 'import.meta': '{}' } },
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunks = output !== undefined && 'output' in output ? output.output : [];
  const [chunk] = chunks;
  if (chunk?.type !== 'chunk' || chunks.length > 1) throw new Error(`${entry} is not one script.`);
  return chunk.code;
}

/** A worker for what `vite build` has made; none for a page that is being worked on. */
export function serviceWorker(): Plugin {
  let root = '';
  let directory = '';
  return {
    name: 'holdfast:service-worker',
    apply: 'build',
    configResolved: (config) => {
      root = config.root;
      directory = join(root, config.build.outDir);
    },
    closeBundle: async () => {
      const sends = await bundle(root, 'worker/sender.ts');
      const sender = `assets/sender-${digestOf(sends).slice(0, 8)}.js`;
      writeFileSync(join(directory, sender), sends);
      listShell(directory, await bundle(root, 'worker/worker.ts'), sender);
    },
  };
}
