// Checkpoints: where a reader stands. Opaque to clients: epoch, seq and scope version.

import { createHash } from 'node:crypto';
import {
  checkpoint,
  seq,
  type Checkpoint,
  type ResyncReason,
  type Seq,
} from '../../replication/core.ts';
import { isPersonalScope } from '../../schemas/index.ts';
import type { Viewer } from '../auth/project.ts';
import type { Head } from '../store/port/port.ts';

const CHECKPOINT = /^([0-9a-z-]{1,64})\.(\d{1,15})\.([0-9a-f]{8})$/;

/**
 * Changes with everything that decides which documents a reader may see. A member's own key never
 * changes, so readers with the same other rights share their checkpoints and events.
 */
export const scopeVersion = ({ role, scopeKeys }: Viewer): string =>
  createHash('sha256')
    .update(JSON.stringify([role, scopeKeys.filter((key) => !isPersonalScope(key)).toSorted()]))
    .digest('hex')
    .slice(0, 8);

export const encodeCheckpoint = (head: Pick<Head, 'epoch'>, at: Seq, scope: string): Checkpoint =>
  checkpoint(`${head.epoch}.${at}.${scope}`);

/** The reader's checkpoint does not fit this store's history: it has to start again. */
export class ResyncRequired extends Error {
  readonly reason: ResyncReason;
  constructor(reason: ResyncReason) {
    super(`The checkpoint can't be continued (${reason}).`);
    this.reason = reason;
  }
}

/**
 * The seq that a checkpoint stands for.
 *
 * @throws {ResyncRequired} for one that is malformed or of another history (`epoch`), from the
 * future (`ahead`), or made while the reader could see other documents (`scope`).
 */
export function decodeCheckpoint(text: unknown, head: Head, scope: string): Seq {
  const match = typeof text === 'string' ? CHECKPOINT.exec(text) : null;
  const [, epoch, at, madeFor] = match ?? [];
  if (at === undefined || epoch !== head.epoch) throw new ResyncRequired('epoch');
  if (Number(at) > head.seq) throw new ResyncRequired('ahead');
  if (madeFor !== scope) throw new ResyncRequired('scope');
  return seq(Number(at));
}
