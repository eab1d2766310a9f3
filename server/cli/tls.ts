// The certificate and key that a server speaks HTTPS with, from two files. Read once: after a renewal
// the server is started again, which costs its clients a moment.

import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { CommandError } from '../ops/commands.ts';

/** Two paths to PEM files: both or none. */
export interface TlsFiles {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** @throws {CommandError} where one is missing, cannot be read, or does not go with the other. */
export function readTls({
  tlsCert,
  tlsKey,
}: TlsFiles): { readonly cert: string; readonly key: string } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new CommandError('HTTPS needs both --tls-cert and --tls-key.');
  const pair = { cert: readPem('certificate', tlsCert), key: readPem('key', tlsKey) };
  try {
    createSecureContext(pair);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `The certificate ${tlsCert} and the key ${tlsKey} are no pair in PEM: ${reason}`,
    );
  }
  return pair;
}

function readPem(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new CommandError(`The ${what} ${file} cannot be read (${code}).`);
  }
}
