// `serve`: the server as a process, from its first line to the signal that ends it.

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { CommandError } from '../ops/commands.ts';
import { listenForCommands } from '../ops/command-socket.ts';
import { createLog } from '../ops/log.ts';
import { createServer } from '../server.ts';
import { makeDataDirectory, openWhenFree, serverAnswers } from './data-access.ts';
import type { Parts } from './parts.ts';

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
}

export async function serve(parts: Parts, { port, host, data }: ServeOptions): Promise<void> {
  makeDataDirectory(data);
  const store = await openWhenFree(
    () => parts.openStore(data),
    async () => {
      if (await serverAnswers(data))
        throw new CommandError('A server runs on this data folder already. Stop it first.');
      return undefined;
    },
  );
  const { clientDirectory } = parts;
  const hasClient = clientDirectory !== undefined && existsSync(clientDirectory);
  const logger = createLog(process.env['HOLDFAST_LOG_LEVEL']);
  const server = createServer({
    store,
    collections: parts.collections,
    logger,
    ...(hasClient ? { clientDirectory } : {}),
  });
  const signal = firstSignal();
  try {
    await listenForCommands(data, server.core);
    const url = await listening(server.listen({ port, host }), port, host);
    process.stdout.write(`listening on ${url}\n`);
    if (!(await server.core.accounts.hasWorkspaces()))
      logger.info({}, 'there is no workspace yet: holdfast workspace create --name NAME');
    await signal;
    logger.info({}, 'stopping');
  } finally {
    await server.close();
  }
}

const giveUp = (): void => {
  process.exit(1);
};

/** Resolves at the first signal to stop; a second one ends the process at once. */
async function firstSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  process.once('SIGTERM', giveUp);
  process.once('SIGINT', giveUp);
}

async function listening(url: Promise<string>, port: number, host: string): Promise<string> {
  try {
    return await url;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new CommandError(`Port ${port} is taken. Choose another one with --port.`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new CommandError(`The server cannot listen on ${host}, port ${port} (${code}).`);
    throw error;
  }
}
