// Group commit: pushes of one workspace that arrive in the same turn of the event loop are decided
// one after the other on one working set and become one commit. No timer: a quiet server commits at
// once, a busy one collects while the last commit runs.

import type { WorkspaceId } from '../../replication/core.ts';
import { MAX_WAITING_ROWS } from '../config.ts';
import { HttpProblem } from '../errors.ts';
import {
  StoreUnavailableError,
  type CommitTurn,
  type Needs,
  type Store,
} from '../store/port/port.ts';
import { WorkingSet } from './working-set.ts';

export interface Job<T> {
  readonly needs: Needs;
  /** For the size of a commit. */
  readonly rows: number;
  /** Decides, and returns what makes the answer once the whole commit is decided. */
  readonly decide: (set: WorkingSet) => (head: number, turn: CommitTurn) => T;
}

interface Waiting {
  readonly job: Job<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** More rows than this wait for the next commit, so that no page of readers grows without bound. */
const MAX_COMMIT_ROWS = 1_000;

export class Committer {
  readonly #store: Store;
  readonly #queues = new Map<WorkspaceId, Waiting[]>();
  readonly #observe: (durationMs: number) => void;

  constructor(store: Store, observe: (durationMs: number) => void) {
    this.#store = store;
    this.#observe = observe;
  }

  /** @throws {HttpProblem} `unavailable`, where too many rows wait already. */
  submit<T>(workspace: WorkspaceId, job: Job<T>): Promise<T> {
    const waitingRows = (this.#queues.get(workspace) ?? []).reduce(rowsOf, 0);
    if (waitingRows > MAX_WAITING_ROWS)
      return Promise.reject(new HttpProblem('unavailable', { retryAfterSeconds: 1 }));
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = {
        job,
        resolve: (value) => {
          resolve(value as T);
        },
        reject,
      };
      const queue = this.#queues.get(workspace);
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      this.#queues.set(workspace, [waiting]);
      setImmediate(() => {
        void this.#drain(workspace);
      });
    });
  }

  async #drain(workspace: WorkspaceId): Promise<void> {
    for (;;) {
      const queue = this.#queues.get(workspace) ?? [];
      if (queue.length === 0) {
        this.#queues.delete(workspace);
        return;
      }
      await this.#commit(workspace, take(queue));
      await new Promise(setImmediate);
    }
  }

  async #commit(workspace: WorkspaceId, turn: readonly Waiting[]): Promise<void> {
    const startedMs = performance.now();
    try {
      const answers = await this.#decideTogether(workspace, turn);
      turn.forEach(({ resolve }, index) => {
        resolve(answers[index]);
      });
    } catch (error) {
      // Alone, each would wait as long for the same answer.
      const isVain = turn.length === 1 || error instanceof StoreUnavailableError;
      if (isVain) for (const { reject } of turn) reject(error);
      // One push that cannot be committed must not take its neighbours with it.
      else for (const waiting of turn) await this.#commit(workspace, [waiting]);
    }
    this.#observe(performance.now() - startedMs);
  }

  async #decideTogether(
    workspace: WorkspaceId,
    waiting: readonly Waiting[],
  ): Promise<readonly unknown[]> {
    const needs: Needs = {
      documents: waiting.flatMap(({ job }) => job.needs.documents),
      operations: waiting.flatMap(({ job }) => job.needs.operations),
      stamps: waiting.flatMap(({ job }) => job.needs.stamps),
    };
    const { head, result } = await this.#store.commit(workspace, needs, (known, turn) => {
      const set = new WorkingSet(known, turn);
      const finish = waiting.map(({ job }) => job.decide(set));
      return {
        write: set.toWrite(),
        result: (seq: number) => finish.map((answer) => answer(seq, turn)),
      };
    });
    return result(head);
  }
}

const rowsOf = (sum: number, { job }: Waiting): number => sum + job.rows;

function take(queue: Waiting[]): readonly Waiting[] {
  let rows = 0;
  let count = 0;
  for (const { job } of queue) {
    if (count > 0 && rows + job.rows > MAX_COMMIT_ROWS) break;
    rows += job.rows;
    count += 1;
  }
  return queue.splice(0, count);
}
