// Tokens and keys. They carry 256 random bits, so a plain hash is enough to keep them by.

import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const KEY_PREFIX = 'hf_';

export const newToken = (): string => randomBytes(SECRET_BYTES).toString('base64url');
export const newKey = (): string => `${KEY_PREFIX}${newToken()}`;
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const TOKEN = /^[\w-]{43}$/;
/** Anything else need not be looked up. */
export const isToken = (text: string): boolean => TOKEN.test(text);
export const isKey = (text: string): boolean =>
  text.startsWith(KEY_PREFIX) && isToken(text.slice(KEY_PREFIX.length));
