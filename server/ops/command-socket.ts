// Commands for a running server, which alone may open the data. Whoever can open the socket in the
// data folder could open the data themselves, so the folder's rights are the check.

import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { COMMAND_BODY_BYTES, COMMAND_SIGN_MS, COMMAND_TIMEOUT_MS } from '../config.ts';
import { CommandError, isCommandName, runCommand, type CommandName } from './commands.ts';
import type { Core } from '../core.ts';
import { drainable } from './drain.ts';

/** No server answers on this data folder. */
export class NoServerError extends Error {}

/** macOS allows 104 bytes with the final zero, Linux 108. */
const MAX_PATH_BYTES = 100;
const socketIn = (directory: string): string => resolve(directory, 'holdfast.sock');
/** Where the folder's own path is too long for a socket, this file says where it is instead. */
const pointerIn = (directory: string): string => resolve(directory, 'holdfast.sock.path');
const fits = (path: string): boolean => Buffer.byteLength(path) <= MAX_PATH_BYTES;

/**
 * Listens until the core stops. Only for the process that has the folder's store open: a socket
 * that lies there is then left over from a killed one.
 */
export async function listenForCommands(directory: string, core: Core): Promise<void> {
  const own = socketIn(directory);
  const path = fits(own) ? own : join(await mkdtemp(join(tmpdir(), 'holdfast-')), 'socket');
  await rm(own, { force: true });
  await rm(pointerIn(directory), { force: true });

  const server = createServer((incoming, response) => {
    void answer(core, incoming, response);
  });
  const drain = drainable(server);
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  if (path !== own) await writeFile(pointerIn(directory), path, { mode: 0o600 });

  core.onStop(async () => {
    await drain();
    await rm(pointerIn(directory), { force: true });
    if (path !== own) await rm(dirname(path), { recursive: true, force: true });
  });
}

type Answer = { readonly result: unknown } | { readonly error: string };

async function answer(
  core: Core,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Content-Type', 'application/json');
  // Blanks before the JSON, so that nobody takes a long command for a dead server.
  const sign = setInterval(() => response.write(' '), COMMAND_SIGN_MS);
  const reply = await carryOut(core, incoming);
  clearInterval(sign);
  response.end(JSON.stringify(reply));
}

async function carryOut(core: Core, incoming: IncomingMessage): Promise<Answer> {
  try {
    const name = incoming.url?.replace('/commands/', '') ?? '';
    if (incoming.method !== 'POST' || !isCommandName(name))
      throw new CommandError(`The server knows no command "${name}". Update and restart it.`);
    if (Number(incoming.headers['content-length'] ?? Infinity) > COMMAND_BODY_BYTES)
      throw new CommandError('The command is too large.');
    const input: unknown = JSON.parse(await text(incoming));
    return { result: await runCommand(core, name, input) };
  } catch (error) {
    if (error instanceof CommandError) return { error: error.message };
    core.logger.error({ err: error }, 'command failed');
    return { error: 'The server could not do it. Its log has the reason.' };
  }
}

/**
 * Has the server that runs on a data folder carry out a command.
 *
 * @throws {NoServerError} where none runs, or one was killed and its socket is left over.
 * @throws {CommandError} what the server says against it, or that it stopped meanwhile.
 */
export async function callServer(
  directory: string,
  name: CommandName,
  input: unknown,
): Promise<unknown> {
  const socketPath = await findSocket(directory);
  const body = JSON.stringify(input);
  const outgoing = request({
    socketPath,
    path: `/commands/${name}`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    timeout: COMMAND_TIMEOUT_MS,
  });
  outgoing.on('timeout', () => {
    outgoing.destroy(new Error('no answer'));
  });
  try {
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const reply = JSON.parse(await text(response)) as Answer;
    if ('error' in reply) throw new CommandError(reply.error);
    return reply.result;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (isNobodyThere(error)) throw new NoServerError('No server runs.', { cause: error });
    if (hasCode(error, 'EACCES'))
      throw new CommandError(`The data in ${directory} belong to another user of this machine.`);
    throw new CommandError('The server stopped before it answered. Look whether it was done.');
  }
}

async function findSocket(directory: string): Promise<string> {
  const own = socketIn(directory);
  if (fits(own)) return own;
  try {
    return (await readFile(pointerIn(directory), 'utf8')).trim();
  } catch (error) {
    if (isNobodyThere(error)) throw new NoServerError('No server runs.', { cause: error });
    throw error;
  }
}

const hasCode = (error: unknown, ...codes: readonly unknown[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(error.code);
const isNobodyThere = (error: unknown): boolean => hasCode(error, 'ENOENT', 'ECONNREFUSED');
