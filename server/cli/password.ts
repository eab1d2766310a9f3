// A new user's password: from the environment for scripts, from the keyboard for people.

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandError } from '../ops/commands.ts';

/** @throws {CommandError} where there is nobody to ask. */
export async function passwordFor(email: string): Promise<string> {
  const given = process.env['HOLDFAST_PASSWORD'];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY)
    throw new CommandError('Put the password into the variable HOLDFAST_PASSWORD.');
  const password = await askHidden(`Password for ${email}: `);
  if (password !== (await askHidden('Once more: ')))
    throw new CommandError('The two passwords differ. Nothing was changed.');
  return password;
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  // The terminal echoes what readline writes; this takes it and shows nothing.
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  lines.on('SIGINT', () => {
    lines.close();
    process.exit(130);
  });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
