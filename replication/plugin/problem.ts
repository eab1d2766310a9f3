// What the server says of a request that it refuses (RFC 9457).

import { RESYNC_REASONS, type ResyncReason } from '../protocol/index.ts';
import { isRecord } from './check.ts';

export const PROBLEM = 'application/problem+json';

/** Why everything is received again; `survives` is there where the history is another one. */
export interface ResyncOrder {
  readonly reason: ResyncReason;
  /** The `rev` up to which what this device knows is still valid. */
  readonly survives?: number;
  /** The server's history, where it is another one. */
  readonly epoch?: string;
}

interface ParsedProblem {
  readonly code?: string;
  readonly detail?: string;
  readonly resync: ResyncOrder;
  /** It is no JSON. */
  readonly isUnread?: boolean;
}
/** An order without a reason that is known here is taken for the one that loses nothing. */
const UNKNOWN_HISTORY: ResyncOrder = { reason: 'epoch', survives: 0 };

export function parseProblem(text: string): ParsedProblem {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return { resync: UNKNOWN_HISTORY };
    const { code, detail } = value;
    return {
      resync: orderIn(value),
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof detail === 'string' ? { detail } : {}),
    };
  } catch {
    // A proxy's page, say: the status alone has to do.
    return { resync: UNKNOWN_HISTORY, isUnread: true };
  }
}

function orderIn({ reason, survives, epoch }: Readonly<Record<string, unknown>>): ResyncOrder {
  const known = RESYNC_REASONS.find((one) => one === reason);
  if (known === undefined) return UNKNOWN_HISTORY;
  if (known !== 'epoch') return { reason: known };
  return {
    reason: known,
    survives: typeof survives === 'number' ? survives : 0,
    ...(typeof epoch === 'string' && { epoch }),
  };
}
