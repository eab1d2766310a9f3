// Passwords, by scrypt (RFC 7914). The parameters stand in each hash, so that they can be raised.

import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { HttpProblem } from '../errors.ts';

// OWASP's recommendation with 32 MiB: about 0.2 s on a small server.
const COST_LOG2 = 15;
const BLOCK_SIZE = 8;
const PARALLEL = 3;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_MEMORY_BYTES = 64 * 1_024 * 1_024;
/** More at once would keep Node's few threads from files and the log-in from everybody. */
const MAX_AT_ONCE = 16;

let underWay = 0;

async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  if (underWay >= MAX_AT_ONCE) throw new HttpProblem('throttled', { retryAfterSeconds: 2 });
  underWay += 1;
  try {
    return await new Promise((resolve, reject) => {
      // One password may be encoded in several ways; all of them are the same password.
      scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
  } finally {
    underWay -= 1;
  }
}

const options = (costLog2: number, r: number, p: number): ScryptOptions => ({
  N: 2 ** costLog2,
  r,
  p,
  maxmem: MAX_MEMORY_BYTES,
});

/** `scrypt$log2(N)$r$p$salt$hash`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, options(COST_LOG2, BLOCK_SIZE, PARALLEL));
  const parts = [COST_LOG2, BLOCK_SIZE, PARALLEL, salt.toString('base64url')];
  return `scrypt$${parts.join('$')}$${hash.toString('base64url')}`;
}

/** Belongs to no password. Stands in for users who don't exist, so that they take as long. */
const NOBODY = `scrypt$${COST_LOG2}$${BLOCK_SIZE}$${PARALLEL}$${Buffer.alloc(SALT_BYTES).toString('base64url')}$${randomBytes(HASH_BYTES).toString('base64url')}`;

/** @param stored What `hashPassword` made; `undefined` where there is no such user. */
export async function passwordFits(password: string, stored: string | undefined): Promise<boolean> {
  const [scheme, cost, r, p, salt, hash] = (stored ?? NOBODY).split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined)
    throw new Error('A stored password has an unknown form.');
  const expected = Buffer.from(hash, 'base64url');
  const found = await derive(
    password,
    Buffer.from(salt, 'base64url'),
    options(Number(cost), Number(r), Number(p)),
  );
  const equal = expected.length === found.length && timingSafeEqual(expected, found);
  return equal && stored !== undefined;
}
