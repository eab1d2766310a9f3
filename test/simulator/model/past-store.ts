// A store whose workspaces can be taken back to what they were: it keeps what was done to each and
// does a part of it again, in the memory store. Accounts and keys stay as they are.

import { randomBytes } from 'node:crypto';
import { epoch as asEpoch, seq as asSeq, type Seq } from '../../../replication/core.ts';
import { openMemoryStore } from '../../../server/store/memory/store.ts';
import type {
  CommitNotice,
  CommitWrite,
  Head,
  Purged,
  Store,
} from '../../../server/store/port/port.ts';

type Done =
  | { readonly seq: Seq; readonly timeMs: number; readonly write: CommitWrite }
  | { readonly purgedMs: number };

interface Place {
  readonly store: Store;
  readonly done: readonly Done[];
  readonly survives: ReadonlyMap<string, Seq>;
}

export interface PastStore extends Store {
  /** As after the commit `to`: of another epoch, as a backup is, or as if the tail had been lost. */
  readonly takeBack: (workspace: string, to: Seq, isBackup: boolean) => Promise<void>;
}

const NO_NEEDS = { documents: [], operations: [], stamps: [] };
const newEpoch = () => asEpoch(randomBytes(8).toString('hex'));

export function openPastStore(): PastStore {
  const records = openMemoryStore();
  const places = new Map<string, Place & { readonly done: Done[] }>();
  const listeners = new Set<(notice: CommitNotice) => void>();
  const tell = (notice: CommitNotice): void => {
    for (const listener of listeners) listener(notice);
  };

  const open = async (
    workspace: Parameters<Store['head']>[0],
    { epoch, done, survives }: Pick<Place, 'done' | 'survives'> & Pick<Head, 'epoch'>,
  ): Promise<Store> => {
    let clockMs: number | undefined;
    const store = openMemoryStore({ epoch, now: () => clockMs ?? Date.now() });
    for (const one of done) {
      if ('purgedMs' in one) await store.purge(workspace, one.purgedMs);
      else {
        clockMs = one.timeMs;
        await store.commit(workspace, NO_NEEDS, () => ({ write: one.write, result: undefined }));
      }
    }
    clockMs = undefined;
    store.onCommit(tell);
    places.set(workspace, { store, done: [...done], survives });
    return store;
  };
  const of = async (workspace: Parameters<Store['head']>[0]): Promise<Place & { done: Done[] }> => {
    if (!places.has(workspace))
      await open(workspace, { epoch: newEpoch(), done: [], survives: new Map() });
    const place = places.get(workspace);
    if (place === undefined) throw new Error(`${workspace} is not there.`);
    return place;
  };
  const withPast = (head: Head, { survives }: Place): Head => ({ ...head, survives });

  return {
    ...records,
    head: async (workspace) => {
      const place = await of(workspace);
      return withPast(await place.store.head(workspace), place);
    },
    commit: async (workspace, needs, decide) => {
      const { store, done } = await of(workspace);
      return store.commit(workspace, needs, (known, turn) => {
        const decision = decide(known, turn);
        const { write } = decision;
        done.push({ seq: turn.seq, timeMs: Date.parse(turn.updatedAt), write });
        return decision;
      });
    },
    pages: async (workspace, requests) => {
      const place = await of(workspace);
      const { head, pages } = await place.store.pages(workspace, (at) =>
        requests(withPast(at, place)),
      );
      return { head: withPast(head, place), pages };
    },
    get: async (workspace, keys) => (await of(workspace)).store.get(workspace, keys),
    scan: async (workspace, ...given) => (await of(workspace)).store.scan(workspace, ...given),
    purge: async (workspace, beforeMs): Promise<Purged> => {
      const { store, done } = await of(workspace);
      done.push({ purgedMs: beforeMs });
      return store.purge(workspace, beforeMs);
    },
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    takeBack: async (name, to, isBackup) => {
      const workspace = name as Parameters<Store['head']>[0];
      const { store, done, survives } = await of(workspace);
      const { epoch } = await store.head(workspace);
      const end = done.findIndex((one) => 'seq' in one && one.seq > to);
      const kept = end === -1 ? done : done.slice(0, end);
      const known = [...survives, [epoch, to] as const];
      await open(workspace, {
        done: kept,
        epoch: isBackup ? newEpoch() : epoch,
        survives: isBackup
          ? new Map(known.map(([one, seq]) => [one, asSeq(Math.min(seq, to))]))
          : survives,
      });
    },
  };
}
