// Checkpoints: where a reader stands. Opaque to clients: epoch, seq and scope version, and below the
// floor also the floor, so that a reader that began above it can go on to there.

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

const CHECKPOINT = /^([0-9a-z-]{1,64})\.(\d{1,15})\.([0-9a-f]{8})(?:\.(\d{1,15}))?$/;

/**
 * Changes with everything that decides which documents a reader may see. A member's own key never
 * changes, so readers with the same other rights share their checkpoints and events.
 */
export const scopeVersion = ({ role, scopeKeys }: Viewer): string =>
  createHash('sha256')
    .update(JSON.stringify([role, scopeKeys.filter((key) => !isPersonalScope(key)).toSorted()]))
    .digest('hex')
    .slice(0, 8);

export const encodeCheckpoint = (
  { epoch, floor }: Pick<Head, 'epoch' | 'floor'>,
  at: Seq,
  scope: string,
): Checkpoint => checkpoint(`${epoch}.${at}.${scope}${at < floor ? `.${floor}` : ''}`);

/** The reader's checkpoint does not fit this store's history: it has to start again. */
export class ResyncRequired extends Error {
  readonly reason: ResyncReason;
  /** With `epoch`: this history, and the seq up to which the reader's is part of it. */
  readonly history: { readonly epoch: string; readonly survives: Seq } | undefined;
  constructor(reason: ResyncReason, history?: ResyncRequired['history']) {
    super(`The checkpoint can't be continued (${reason}).`);
    this.reason = reason;
    this.history = history;
  }
}

/** What a reader of another history is told of this one. */
export const historyFor = (epoch: string, head: Pick<Head, 'epoch' | 'survives'>) => ({
  epoch: head.epoch,
  survives: head.survives.get(epoch) ?? seq(0),
});

/**
 * The seq that a checkpoint stands for.
 *
 * @throws {ResyncRequired} for one that is malformed or of another history (`epoch`), from the
 * future (`ahead`), made while the reader could see other documents (`scope`), or followed by
 * tombstones that have been purged (`floor`). A reader that began with nothing needs none of those,
 * as long as the floor stays where it was then; one that stood at 0 before may have sent documents.
 */
export function decodeCheckpoint(text: unknown, head: Head, scope: string): Seq {
  const match = typeof text === 'string' ? CHECKPOINT.exec(text) : null;
  const [, epoch = '', at, madeFor, begunAbove] = match ?? [];
  if (at === undefined || epoch !== head.epoch)
    throw new ResyncRequired('epoch', historyFor(epoch, head));
  const position = Number(at);
  if (position > head.seq) throw new ResyncRequired('ahead');
  if (madeFor !== scope) throw new ResyncRequired('scope');
  if (position < head.floor && Number(begunAbove) !== head.floor) throw new ResyncRequired('floor');
  return seq(position);
}
