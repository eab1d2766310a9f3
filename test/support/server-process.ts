// A data folder with a server process on it, which a test may kill and start again.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdfast, serveHoldfast } from './holdfast-process.ts';
import { PASSWORD, WORKSPACE } from './live-server.ts';
import { until } from './until.ts';

const FIRST_START = /^first start: (\S+)$/m;

export interface DataFolder {
  readonly path: string;
  /** Runs a command of the CLI on this folder and returns what it printed to stdout. */
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

/** @param like a folder, without a server on it, that the new one begins as a copy of. */
export function makeDataFolder(like?: DataFolder): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  if (like) cpSync(like.path, path, { recursive: true });
  const running = new Set<ServerProcess>();
  const command = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await holdfast([...words, '--data', path], {
      HOLDFAST_PASSWORD: PASSWORD,
    });
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`);
    return out;
  };
  return {
    path,
    command,
    prepare: async () => {
      const who = ['--email', 'ada@example.org', '--workspace', WORKSPACE];
      await command('workspace', 'create', '--name', WORKSPACE);
      await command('user', 'add', ...who, '--name', 'Ada', '--role', 'owner');
      return (await command('token', 'create', ...who)).trim();
    },
    serve: async (port = 0) => {
      const { url, child, ended, out } = await serveHoldfast(path, ['--port', String(port)]);
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
