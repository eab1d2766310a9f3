// The built server as a process of its own, which a test may kill.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BIN = join(import.meta.dirname, '..', '..', 'server', 'bin.mjs');
const run = promisify(execFile);
const PASSWORD = 'correct horse';

export interface DataFolder {
  readonly path: string;
  /** Runs a command of the CLI on this folder and returns what it printed to stdout. */
  readonly command: (...words: readonly string[]) => Promise<string>;
  /** A workspace "Test" with an owner and an API key. */
  readonly prepare: () => Promise<string>;
  readonly serve: (port?: number) => Promise<ServerProcess>;
  readonly remove: () => void;
}

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
}

export function makeDataFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const children = new Set<ChildProcess>();
  const command = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [BIN, ...words, '--data', path], {
      env: { ...process.env, HOLDFAST_PASSWORD: PASSWORD },
    });
    return stdout;
  };
  return {
    path,
    command,
    prepare: async () => {
      const who = ['--email', 'ada@example.org', '--workspace', 'Test'];
      await command('workspace', 'create', '--name', 'Test');
      await command('user', 'add', ...who, '--name', 'Ada', '--role', 'owner');
      return (await command('token', 'create', ...who)).trim();
    },
    serve: async (port = 0) => {
      const words = ['serve', '--port', String(port), '--data', path];
      const child = spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
      children.add(child);
      const url = await listening(child);
      return {
        url,
        pid: child.pid ?? 0,
        kill: async (signal) => {
          const ended = once(child, 'exit');
          child.kill(signal);
          await ended;
          children.delete(child);
        },
      };
    },
    remove: () => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let complained = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      complained = (complained + chunk.toString()).slice(-4_000);
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`The server ended with ${code ?? signal} before it listened:\n${complained}`));
    });
  });
}
