// Groups of which not all documents were written, because of a crash, a tab that ended or a device
// without space: the tab that leads writes them.

import { distinctUntilChanged } from 'rxjs';
import type { Ledger } from '../outbox/ledger.ts';
import { completeGroups } from './atomic.ts';
import type { SessionOptions } from './session-options.ts';
import type { Timers } from './timers.ts';

/** A tab that records a group writes its documents within this time, unless it has died. */
const GRACE_MS = 2_000;

export interface OpenGroupsOptions extends Pick<SessionOptions, 'options' | 'locals'> {
  readonly ledger: Pick<Ledger, 'groups' | 'hasGroup' | 'newestGroup$'>;
  readonly timers: Timers;
  /** There may be groups to be sent that RxDB has no rows of. */
  readonly completed: () => void;
  readonly failed: (error: unknown) => void;
}

export class OpenGroups {
  readonly #options: OpenGroupsOptions;
  readonly #whole = new Set<string>();

  constructor(options: OpenGroupsOptions) {
    this.#options = options;
  }

  /** Resolves when all documents of all groups are written, or of those up to this one. */
  async complete(last?: string): Promise<void> {
    const { ledger, options, locals } = this.#options;
    const open = await ledger.groups();
    const count = last === undefined ? open.length : open.findIndex(({ id }) => id === last) + 1;
    const groups = open.slice(0, count).filter(({ id }) => !this.#whole.has(id));
    await completeGroups({ ...options, locals, ledger }, groups);
    for (const { id } of groups) this.#whole.add(id);
  }

  /** Also what any tab records from now on, until the returned function is called. */
  follow(): () => void {
    const { ledger, timers, completed, failed } = this.#options;
    const next = (id: string | undefined): void => {
      if (id === undefined) return;
      timers.after(`group ${id}`, GRACE_MS, () => void this.complete(id).then(completed, failed));
    };
    const following = ledger.newestGroup$
      .pipe(distinctUntilChanged())
      .subscribe({ next, error: failed });
    return () => following.unsubscribe();
  }
}
