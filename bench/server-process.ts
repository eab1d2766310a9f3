// The server under measurement: the built program in a process of its own, on a data folder of its
// own that is removed afterwards.

import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '..', 'server', 'bin.mjs');

export interface ServerUnderTest {
  readonly url: string;
  readonly key: string;
  readonly stop: () => Promise<void>;
}

/** @param args where its data are, if not in the folder. */
export async function startServer(args: readonly string[] = []): Promise<ServerUnderTest> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const place = ['--data', data, ...args];
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', ...place], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await listening(child);
  const command = (...words: readonly string[]): string =>
    execFileSync(process.execPath, [BIN, ...words, ...place], {
      encoding: 'utf8',
      env: { ...process.env, HOLDFAST_PASSWORD: 'bench-password' },
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
  const who = ['--email', 'bench@example.org', '--workspace', 'Bench'];
  command('workspace', 'create', '--name', 'Bench');
  command('user', 'add', ...who, '--name', 'Bench', '--role', 'owner');
  const key = command('token', 'create', ...who);
  return {
    url,
    key,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const match = /listening on (http:\/\/\S+)/.exec(said);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.once('exit', (code) => {
      reject(new Error(`The server ended with ${code} before it listened.`));
    });
  });
}
