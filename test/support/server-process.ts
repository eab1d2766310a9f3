// A data folder with a server process on it, which a test may kill and start again.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdfast, serveHoldfast, type Ended } from './holdfast-process.ts';
import { PASSWORD, WORKSPACE } from './live-server.ts';
import { until } from './until.ts';

const FIRST_START = /^first start: (\S+)$/m;

export interface DataFolder {
  readonly path: string;
  /** Runs a command of the CLI on this folder, however it ends. */
  readonly run: (...words: readonly string[]) => Promise<Ended>;
  /** The same for one that must go well; returns what it printed to stdout. */
  readonly command: (...words: readonly string[]) => Promise<string>;
  /** A workspace with an owner, ada@example.org, and an API key. */
  readonly prepare: () => Promise<string>;
  readonly serve: (port?: number) => Promise<ServerProcess>;
  readonly remove: () => Promise<void>;
}

export interface ServerProcess {
  readonly url: string;
  /** Where its first start begins; waits until it has been printed. */
  readonly firstStart: () => Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
}

/**
 * @param like A folder, without a server on it, that the new one begins as a copy of.
 * @param mongo The address of a database that the data are in instead.
 */
export function makeDataFolder(like?: DataFolder, mongo?: string): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  if (like) cpSync(like.path, path, { recursive: true });
  const running = new Set<ServerProcess>();
  const inMongo = mongo === undefined ? [] : ['--mongo', mongo];
  const run = (...words: readonly string[]): Promise<Ended> =>
    holdfast([...words, '--data', path, ...inMongo], { HOLDFAST_PASSWORD: PASSWORD });
  const command = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await run(...words);
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`);
    return out;
  };
  return {
    path,
    run,
    command,
    prepare: async () => {
      const who = ['--email', 'ada@example.org', '--workspace', WORKSPACE];
      await command('workspace', 'create', '--name', WORKSPACE);
      await command('user', 'add', ...who, '--name', 'Ada', '--role', 'owner');
      return (await command('token', 'create', ...who)).trim();
    },
    serve: async (port = 0) => {
      const { url, child, ended, out } = await serveHoldfast(path, [
        '--port',
        String(port),
        ...inMongo,
      ]);
      const server: ServerProcess = {
        url,
        firstStart: () =>
          until(() => FIRST_START.exec(out())?.[1], 'the address of the first start'),
        kill: async (signal) => {
          running.delete(server);
          child.kill(signal);
          await ended;
        },
      };
      running.add(server);
      return server;
    },
    remove: async () => {
      for (const server of running) await server.kill('SIGKILL');
      rmSync(path, { recursive: true, force: true });
    },
  };
}
