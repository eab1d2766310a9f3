// A store whose workspaces can be taken back to what they were: it keeps what was done to each and
// does a part of it again, in another store. Accounts and keys stay as they are.

import { randomBytes } from 'node:crypto';
import {
  epoch as asEpoch,
  seq as asSeq,
  type Epoch,
  type Seq,
  type WorkspaceId,
} from '../../replication/core.ts';
import type { CommitNotice, CommitWrite, Head, Store } from '../../server/store/port/port.ts';

type Done =
  | { readonly seq: Seq; readonly timeMs: number; readonly write: CommitWrite }
  | { readonly purgedMs: number };

interface Place {
  readonly store: Store;
  readonly epoch: Epoch;
  readonly survives: ReadonlyMap<string, Seq>;
}

export interface PastStore extends Store {
  /** As after the commit `to`: of another epoch, as a backup is, or as if the tail had been lost. */
  readonly takeBack: (workspace: WorkspaceId, to: Seq, isBackup: boolean) => Promise<void>;
}

const NO_NEEDS = { documents: [], operations: [], stamps: [] };

/** @param open an empty store. */
export function openPastStore(
  open: (options?: { readonly now: () => number }) => Store,
): PastStore {
  const first = open();
  /** The workspaces that were taken back. */
  const places = new Map<WorkspaceId, Place>();
  const done = new Map<WorkspaceId, readonly Done[]>();
  const listeners = new Set<(notice: CommitNotice) => void>();
  const tell = (notice: CommitNotice): void => {
    for (const listener of listeners) listener(notice);
  };
  first.onCommit(tell);

  const note = (workspace: WorkspaceId, one: Done): void =>
    void done.set(workspace, [...(done.get(workspace) ?? []), one]);
  const storeOf = (workspace: WorkspaceId): Store => places.get(workspace)?.store ?? first;
  const asNow = (workspace: WorkspaceId, head: Head): Head => ({
    ...head,
    ...epochOf(places.get(workspace)),
  });
  const headOf = async (workspace: WorkspaceId): Promise<Head> =>
    asNow(workspace, await storeOf(workspace).head(workspace));

  return {
    ...first,
    head: headOf,
    commit: async (workspace, needs, decide) => {
      let last: Done | undefined;
      const made = await storeOf(workspace).commit(workspace, needs, (known, turn) => {
        const { epoch = turn.epoch } = places.get(workspace) ?? {};
        const decision = decide(known, { ...turn, epoch });
        last = { seq: turn.seq, timeMs: Date.parse(turn.updatedAt), write: decision.write };
        return decision;
      });
      if (last !== undefined) note(workspace, last);
      return made;
    },
    pages: async (workspace, requests) => {
      const { head, pages } = await storeOf(workspace).pages(workspace, (at) =>
        requests(asNow(workspace, at)),
      );
      return { head: asNow(workspace, head), pages };
    },
    get: (workspace, keys) => storeOf(workspace).get(workspace, keys),
    scan: (workspace, ...asked) => storeOf(workspace).scan(workspace, ...asked),
    purge: (workspace, beforeMs) => {
      note(workspace, { purgedMs: beforeMs });
      return storeOf(workspace).purge(workspace, beforeMs);
    },
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    // A server that is stopped is started again on it; whoever opened the stores closes them.
    close: async () => {},
    takeBack: async (workspace, to, isBackup) => {
      const { epoch, survives } = await headOf(workspace);
      const all = done.get(workspace) ?? [];
      const end = all.findIndex((one) => 'seq' in one && one.seq > to);
      const kept = end === -1 ? all : all.slice(0, end);
      const store = await again(open, workspace, kept);
      store.onCommit(tell);
      done.set(workspace, kept);
      const known = [...survives, [epoch, to] as const];
      const earlier = new Map(known.map(([one, seq]) => [one, asSeq(Math.min(seq, to))]));
      const place = isBackup ? { epoch: newEpoch(), survives: earlier } : { epoch, survives };
      places.set(workspace, { store, ...place });
    },
  };
}

const newEpoch = (): Epoch => asEpoch(randomBytes(8).toString('hex'));

const epochOf = (place: Place | undefined): Partial<Head> =>
  place === undefined ? {} : { epoch: place.epoch, survives: place.survives };

/** Does in an empty store what was done before, at the times when it was. */
async function again(
  open: Parameters<typeof openPastStore>[0],
  workspace: WorkspaceId,
  done: readonly Done[],
): Promise<Store> {
  let clockMs: number | undefined;
  const store = open({ now: () => clockMs ?? Date.now() });
  for (const one of done) {
    if ('purgedMs' in one) await store.purge(workspace, one.purgedMs);
    else {
      clockMs = one.timeMs;
      await store.commit(workspace, NO_NEEDS, () => ({ write: one.write, result: undefined }));
    }
  }
  clockMs = undefined;
  return store;
}
