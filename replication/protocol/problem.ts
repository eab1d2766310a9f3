// Errors of a whole request (RFC 9457), and the codes that clients act on.

import { choice, integer, object, optional, text } from '../../schemas/index.ts';

export const RESYNC_REASONS = ['epoch', 'ahead', 'floor', 'scope'] as const;
export type ResyncReason = (typeof RESYNC_REASONS)[number];

export const problemSchema = object({
  type: text(200),
  title: text(200),
  status: integer(400, 599),
  code: text(64),
  detail: text(2_000),
  reason: optional(choice(RESYNC_REASONS)),
  survives: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  epoch: optional(text(64)),
});
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** With code `resync_required`, status 410. */
  readonly reason?: ResyncReason;
  /** With reason `epoch`: up to which `rev` the client's history is part of the server's; 0 if unknown. */
  readonly survives?: number;
  /** With reason `epoch`: the server's history. */
  readonly epoch?: string;
}
