// `serve`: the server as a process, from its first line to the signal that ends it.

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { CommandError } from '../ops/commands.ts';
import { listenForCommands } from '../ops/command-socket.ts';
import type { Core } from '../core.ts';
import { createLog } from '../ops/log.ts';
import { bringUpToDate } from '../ops/schema-change.ts';
import { createServer } from '../server.ts';
import { makeDataDirectory, openWhenFree, serverAnswers } from './data-access.ts';
import type { Store } from '../store/port/port.ts';
import type { Parts, Where } from './parts.ts';
import { readTls, type TlsFiles } from './tls.ts';

export interface ServeOptions extends TlsFiles, Where {
  readonly port: number;
  readonly host: string;
}

/** What is done around the answering of requests. Each gets to know the core. */
interface Around {
  /** Before anybody can ask. */
  readonly prepare: (core: Core) => Promise<void>;
  /** Once it answers at `url`. */
  readonly ready: (url: string) => void;
}

export async function serve(parts: Parts, options: ServeOptions): Promise<void> {
  let code: string | undefined;
  await serveWith(parts, options, {
    prepare: async ({ accounts }) => {
      if (!(await accounts.hasWorkspaces())) code = await accounts.createFirstStartCode();
    },
    ready: (url) => {
      say(`listening on ${url}`);
      // After the #, where browsers keep it to themselves: it gets into no log on the way.
      if (code !== undefined) say(`first start: ${reachable(url)}/setup#${code}`);
    },
  });
}

/** Runs a server until a signal ends it. */
export async function serveWith(
  parts: Parts,
  { port, host, data, mongo, ...tlsFiles }: ServeOptions,
  { prepare, ready }: Around,
): Promise<void> {
  const tls = readTls(tlsFiles);
  const store = await (mongo === undefined
    ? openFolder(parts, data)
    : parts.openStore({ data, mongo }));
  const { clientDirectory, collections, sample } = parts;
  const hasClient = clientDirectory !== undefined && existsSync(clientDirectory);
  const logger = createLog(process.env['HOLDFAST_LOG_LEVEL']);
  const server = createServer({
    store,
    collections,
    logger,
    sample,
    ...(hasClient ? { clientDirectory } : {}),
    ...(tls === undefined ? {} : { tls }),
  });
  const signal = firstSignal();
  try {
    // Before a command can come in over the socket.
    await bringUpToDate(server.core);
    await prepare(server.core);
    // Commands find a MongoDB by themselves.
    if (mongo === undefined) await listenForCommands(data, server.core);
    ready(oneAddress(await listening(server.listen({ port, host }), port, host)));
    await signal;
    logger.info({}, 'stopping');
  } finally {
    await server.close();
  }
}

function openFolder(parts: Parts, data: string): Promise<Store> {
  makeDataDirectory(data);
  return openWhenFree<Store>(
    () => parts.openStore({ data }),
    async () => {
      if (await serverAnswers(data))
        throw new CommandError('A server runs on this data folder already. Stop it first.');
      return undefined;
    },
  );
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * Of several addresses that lead to this machine, people get one: browsers take each for another
 * server, with a log-in and local data of its own.
 */
const oneAddress = (url: string): string =>
  url.replace(/\/\/(?:127\.0\.0\.1|\[::1\])(?=:)/, '//localhost');

/** Where it listens everywhere, this machine is the one that a browser is sure to reach. */
const reachable = (url: string): string =>
  url.replace(/\/\/(?:0\.0\.0\.0|\[::\])(?=:|$)/, '//localhost');

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
