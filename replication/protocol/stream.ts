// GET /api/sync/stream?collections=a,b&schema=a:1,b:0: server-sent events. The event's id is the
// checkpoint that it reaches.

import { anything, integer, list, object, record, text } from '../../schemas/index.ts';
import type { WireDocument } from './push.ts';

export const HEARTBEAT_MS = 15_000;

/** Named events beside the unnamed ones that carry commits. */
export const STREAM_EVENTS = {
  /** The server stops: come back in a moment. */
  bye: 'bye',
  /** What the reader may see has changed: pull. */
  resync: 'resync',
} as const;

export const streamEventSchema = object({
  from: integer(0, Number.MAX_SAFE_INTEGER),
  to: integer(0, Number.MAX_SAFE_INTEGER),
  checkpoint: text(200, 1),
  documents: record(list(anything(), 1_000_000), 100),
});
/**
 * The commits after `from` up to and with `to`. A client whose position lies in [from, to) applies
 * it and stands at `to`; one that stands before `from` has missed something and pulls.
 */
export interface StreamEvent {
  readonly from: number;
  readonly to: number;
  readonly checkpoint: string;
  readonly documents: Readonly<Record<string, readonly WireDocument[]>>;
}
