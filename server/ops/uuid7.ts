// UUIDs that begin with the time (RFC 9562, version 7), so that new records lie together on disk.

import { randomBytes } from 'node:crypto';

export function uuid7(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  const variant = ((Number.parseInt(random.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
