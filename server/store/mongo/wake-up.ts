// What listeners hear. Own commits are told with their changes as soon as they are made; those of
// other processes come as events of one change stream on the heads, without changes: readers then
// read. A slow poll finds what the stream lost.

import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeStream, ChangeStreamUpdateDocument } from 'mongodb';
import { seq as asSeq, type Seq, type WorkspaceId } from '../../../replication/core.ts';
import type { CommitListeners } from '../port/commit-rules.ts';
import type { Change } from '../port/port.ts';
import type { Mongo } from './database.ts';
import type { HeadRow } from './rows.ts';

/** What this process knows of a workspace's commits. */
interface Heard {
  /** The newest that listeners have heard of. */
  told: number;
  /** The one that this process is about to make. */
  making: number | undefined;
  /** The newest that waits until it is clear what became of that one. */
  held: number;
}

interface Told {
  readonly head: Seq;
  readonly changes: readonly Change[];
}

export interface WakeUps {
  /** Somebody here is interested in the workspace. */
  readonly notice: (workspace: WorkspaceId) => void;
  /** A commit is about to be sent. */
  readonly making: (workspace: WorkspaceId, seq: number) => void;
  /** It was made, or came to nothing. */
  readonly made: (workspace: WorkspaceId, commit: Told | undefined) => void;
  /** A commit of another process. */
  readonly elsewhere: (workspace: WorkspaceId, seq: number) => void;
  readonly workspaces: () => readonly WorkspaceId[];
}

export function wakeUps(listeners: CommitListeners): WakeUps {
  const heard = new Map<WorkspaceId, Heard>();

  const of = (workspace: WorkspaceId): Heard => {
    const known = heard.get(workspace) ?? { told: 0, making: undefined, held: 0 };
    heard.set(workspace, known);
    return known;
  };
  const tell = (workspace: WorkspaceId, seq: number, changes?: readonly Change[]): void => {
    const known = of(workspace);
    if (seq <= known.told) return;
    known.told = seq;
    listeners.tell({
      workspace,
      seq: asSeq(seq),
      ...(changes === undefined ? {} : { changes }),
    });
  };

  return {
    notice: (workspace) => void of(workspace),
    making: (workspace, seq) => {
      of(workspace).making = seq;
    },
    made: (workspace, commit) => {
      const known = of(workspace);
      known.making = undefined;
      if (commit !== undefined && commit.changes.length > 0) {
        // Where another process made the one before, listeners hear of that first.
        tell(workspace, commit.head - 1);
        tell(workspace, commit.head, commit.changes);
      }
      tell(workspace, known.held);
    },
    elsewhere: (workspace, seq) => {
      const known = of(workspace);
      // The stream is often faster than the answer to one's own commit.
      if (known.making !== undefined && seq >= known.making) known.held = Math.max(known.held, seq);
      else tell(workspace, seq);
    },
    workspaces: () => [...heard.keys()],
  };
}

type HeadEvent = Pick<ChangeStreamUpdateDocument<HeadRow>, 'documentKey' | 'updateDescription'>;

// Only commits change `seq`.
const COMMITS = [
  { $match: { 'updateDescription.updatedFields.seq': { $exists: true } } },
  { $project: { documentKey: 1, 'updateDescription.updatedFields.seq': 1 } },
];
const PAUSE_MS = 1_000;

/** Follows the commits of other processes; returns what stops it. */
export function follow(at: Mongo, wake: WakeUps, pollMs: number): () => Promise<void> {
  const stopped = new AbortController();
  const { signal } = stopped;
  let stream: ChangeStream<HeadRow, HeadEvent> | undefined;

  const poll = async (): Promise<void> => {
    const filter = { _id: { $in: wake.workspaces() } };
    const options = { projection: { seq: 1 } };
    for await (const { _id, seq } of at.heads.find(filter, options))
      wake.elsewhere(_id as WorkspaceId, seq);
  };
  const listen = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        // The driver goes on behind the last event by itself, as long as MongoDB remembers it.
        stream = at.heads.watch<HeadRow, HeadEvent>(COMMITS);
        let event = await stream.tryNext();
        // From here on it tells of everything; what was committed before is found by looking.
        await poll();
        for (; !signal.aborted; event = await stream.next()) {
          const seq = event?.updateDescription.updatedFields?.seq;
          if (seq !== undefined) wake.elsewhere(event?.documentKey._id as WorkspaceId, seq);
        }
      } catch {
        // Whatever it is, a lost database or an event too old to go on behind: begin anew.
      }
      await stream?.close().catch(() => undefined);
      await rest(PAUSE_MS, signal);
    }
  };
  const look = async (): Promise<void> => {
    while (!signal.aborted) {
      await rest(pollMs, signal);
      // Requests say that the database is lost; the next look may find it.
      if (!signal.aborted) await poll().catch(() => undefined);
    }
  };
  const running = [listen(), look()];
  return async () => {
    stopped.abort();
    await stream?.close().catch(() => undefined);
    await Promise.all(running);
  };
}

/** Ends early when it is stopped. */
const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
