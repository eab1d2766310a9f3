// What server/bin.mjs starts: puts the parts together, and makes sentences of failures.

import { collections } from '../../schemas/index.ts';
import { sample } from '../sample/sample.ts';
import { openMongoStore } from '../store/mongo/store.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { CommandError } from '../ops/commands.ts';
import { createProgram } from './program.ts';

/** @param argv Without node and script. */
export async function main(
  argv: readonly string[],
  { clientDirectory }: { readonly clientDirectory: string },
): Promise<void> {
  // What commands write (data, sockets) is for this user only.
  process.umask(0o077);
  const program = createProgram({
    collections: Object.values(collections),
    openStore: ({ data, mongo }, purpose) =>
      mongo === undefined
        ? openSqliteStore({ directory: data })
        : openMongoStore({ url: mongo, toLoad: purpose === 'load' }),
    clientDirectory,
    sample,
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`);
    process.exitCode = 1;
  }
}

function sentence(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (!(error instanceof Error)) return `Something failed: ${String(error)}`;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'store_in_use')
    return 'Another process uses this data folder and takes no commands. Stop it, or wait until it ends.';
  // A stack is for those who look for a bug; everybody else gets what happened.
  return process.env['HOLDFAST_DEBUG'] === undefined ? error.message : String(error.stack);
}
