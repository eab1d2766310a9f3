// How a command reaches the data: through the server that runs on it, or by opening it.

import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DATA_IN_USE_WAIT_MS } from '../config.ts';
import { callServer, NoServerError } from '../ops/command-socket.ts';
import {
  runCommand,
  type CommandInput,
  type CommandName,
  type CommandResult,
} from '../ops/commands.ts';
import type { Core } from '../core.ts';
import type { Where } from './parts.ts';

export interface DataAccess {
  readonly call: <N extends CommandName>(
    name: N,
    input: CommandInput<N>,
  ) => Promise<CommandResult<N>>;
  readonly close: () => Promise<void>;
}

/** Passwords and documents are nobody else's, also on a machine with several users. */
export function makeDataDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

const isInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'store_in_use';

/**
 * Opens the data; waits a little where another process has it, which may be a command that ends
 * soon or a server that is about to answer.
 *
 * @param tryFirst Is tried before each attempt; a result other than `undefined` is taken instead.
 * @throws {Error} of the store, code `store_in_use`, when the wait was in vain.
 */
export async function openWhenFree<T>(
  open: () => T | Promise<T>,
  tryFirst: () => Promise<T | undefined> = () => Promise.resolve(undefined),
): Promise<T> {
  const untilMs = performance.now() + DATA_IN_USE_WAIT_MS;
  for (;;) {
    const other = await tryFirst();
    if (other !== undefined) return other;
    try {
      return await open();
    } catch (error) {
      if (!isInUse(error) || performance.now() > untilMs) throw error;
    }
    await delay(100);
  }
}

/** The way of a command that has opened the data itself. */
export const throughCore = (core: Core): DataAccess => ({
  call: async <N extends CommandName>(name: N, input: CommandInput<N>) =>
    (await runCommand(core, name, input)) as CommandResult<N>,
  close: core.close,
});

/**
 * A MongoDB has room for another process; a data folder has one owner.
 *
 * @param openCore Opens the store itself, and throws where another process has it.
 */
export async function reachData(
  { data: directory, mongo }: Where,
  openCore: () => Promise<Core>,
): Promise<DataAccess> {
  if (mongo !== undefined) return throughCore(await openCore());
  const throughServer: DataAccess = {
    call: async <N extends CommandName>(name: N, input: CommandInput<N>) =>
      (await callServer(directory, name, input)) as CommandResult<N>,
    close: () => Promise.resolve(),
  };
  return openWhenFree(
    async () => throughCore(await openCore()),
    async () => ((await serverAnswers(directory)) ? throughServer : undefined),
  );
}

export async function serverAnswers(directory: string): Promise<boolean> {
  try {
    await callServer(directory, 'ping', {});
    return true;
  } catch (error) {
    if (error instanceof NoServerError) return false;
    throw error;
  }
}
