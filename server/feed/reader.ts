// One open event stream and what it is entitled to.

import type { ServerResponse } from 'node:http';
import type { Collection } from '../../schemas/index.ts';
import type { Seq, WorkspaceId } from '../../replication/core.ts';
import type { Viewer } from '../auth/project.ts';
import type { Head } from '../store/port/port.ts';

/** How a stream puts a stretch of commits into an event. */
export interface Framing {
  readonly name: string;
  readonly frame: (stretch: Stretch) => string;
}

/** The documents of the commits after `from` up to and with `to`, as JSON texts by collection. */
export interface Stretch {
  readonly head: Pick<Head, 'epoch' | 'floor'>;
  readonly scope: string;
  readonly from: Seq;
  readonly to: Seq;
  readonly documents: ReadonlyMap<string, readonly string[]>;
}

export interface StreamRequest {
  readonly workspace: WorkspaceId;
  readonly viewer: Viewer;
  readonly collections: readonly Collection[];
  readonly framing: Framing;
  readonly response: ServerResponse;
  /** Names the session or key; each may have so many streams. */
  readonly credential: string;
  /** Where the reader stands. */
  readonly position: Seq;
  /** The floor when that was found to be a place to go on from. */
  readonly floor: Seq;
  /** Whether the reader may still read; asked now and then. */
  readonly stillAllowed: () => Promise<boolean>;
}
