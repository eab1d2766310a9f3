#!/usr/bin/env node
// The first step of every command: builds what has changed since the last build, then runs it.
// Plain JavaScript, because it runs before anything is built.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

process.env.NODE_ENV = 'production';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const shared = ['schemas', 'replication', 'package-lock.json', 'tsconfig.base.json'];

/** The newest change in a file or a folder; a folder itself changes when a file in it goes. */
function newestMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

const lock = join(dist, '.building');

/** One process builds at a time; the others wait, and find it built. A dead builder is forgotten. */
function locked(work) {
  mkdirSync(dist, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(lock)) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  process.once('exit', () => rmSync(lock, { force: true }));
  work();
  rmSync(lock, { force: true });
}

function isAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    // Gone in this moment: look again.
    return error.code === 'EPERM' || error.code === 'ENOENT';
  }
}

/** Runs `build` where a source is newer than the stamp of the last build. */
function buildIfOlder(name, sources, build) {
  const stamp = join(dist, `.${name}-built`);
  const isBuilt = () => {
    const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Math.max(...sources.map((source) => newestMs(join(root, source)))) < built;
  };
  if (isBuilt()) return;
  locked(() => {
    if (isBuilt()) return;
    process.stderr.write(`building the ${name}\n`);
    // What changes while it is being built is newer than this, and is built the next time.
    const startedAt = new Date();
    build();
    writeFileSync(stamp, '');
    utimesSync(stamp, startedAt, startedAt);
  });
}

/** Output goes to stderr: stdout belongs to the command. */
function run(script, args) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status === 0) return;
  process.stderr.write('The build failed. Run "npm ci" first, if you have not.\n');
  process.exit(1);
}

function buildServer() {
  // Built aside and then moved, so that a second command never reads a half-written file.
  const aside = join(dist, '.aside');
  rmSync(aside, { recursive: true, force: true });
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', aside]);
  for (const folder of readdirSync(aside)) {
    rmSync(join(dist, folder), { recursive: true, force: true });
    renameSync(join(aside, folder), join(dist, folder));
  }
  rmSync(aside, { recursive: true, force: true });
}

buildIfOlder('server', [...shared, 'server', 'tsconfig.build.json'], buildServer);
const buildsOnly = process.argv[2] === 'build';
if (
  (buildsOnly || process.argv[2] === 'serve' || process.argv[2] === 'demo') &&
  existsSync(join(root, 'client'))
)
  buildIfOlder('client', [...shared, 'client', 'vite.config.ts', 'vite.worker.ts'], () => {
    run('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
  });

if (buildsOnly) process.exit();
const { main } = await import(pathToFileURL(join(dist, 'server/cli/main.js')).href);
await main(process.argv.slice(2), { clientDirectory: join(dist, 'client') });
