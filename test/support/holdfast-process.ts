// The command line as people run it: real processes on a data folder of their own.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const BIN = fileURLToPath(new URL('../../server/bin.mjs', import.meta.url));

export interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export interface Ended {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

export function startHoldfast(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? 'unknown',
  );
  return { child, out: () => out, err: () => err, ended };
}

export async function holdfast(
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<Ended> {
  const running = startHoldfast(args, environment);
  const code = await running.ended;
  return { code, out: running.out(), err: running.err() };
}

const LISTENING = /^listening on (https?:\/\/\S+)$/m;

/** Starts `serve` on a free port and waits until it answers. */
export async function serveHoldfast(
  data: string,
  args: readonly string[] = [],
): Promise<Running & { readonly url: string }> {
  const running = startHoldfast(['serve', '--port', '0', '--data', data, ...args]);
  const url = await until(() => {
    if (running.child.exitCode !== null) throw new Error(`serve ended: ${running.err()}`);
    return LISTENING.exec(running.out())?.[1];
  }, 'the server to listen');
  return { ...running, url };
}
