// Deletes are held back while they can be undone: a delete that others have seen is final. They are
// noted, so that they are carried out also where the page goes before.

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import {
  carryOut,
  forgetDelete,
  heldIn,
  isHeld,
  noteDelete,
  onHeld,
  UNDO_MS,
} from '../database/held-deletes.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { failureWords } from '../storage/write-failure.ts';

interface Named {
  readonly id: string;
}

export interface HeldDeletes<Row extends Named> {
  /** Also those that another page holds, or has left. */
  readonly hidden: ReadonlySet<string>;
  /** The latest held one, to offer undo for. */
  readonly latest: Row | undefined;
  readonly hold: (row: Row) => void;
  readonly undo: (id: string) => void;
  /** Why the last delete did not work, in a sentence. */
  readonly problem: string | undefined;
}

export const useHeldDeletes = <Row extends Named>(collection: string): HeldDeletes<Row> => {
  const workspace = useWorkspace();
  const [held, setHeld] = useState<readonly Row[]>([]);
  const [problem, setProblem] = useState<string>();
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());

  const release = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setHeld((rows) => rows.filter((row) => row.id !== id));
  }, []);
  const undo = useCallback(
    (id: string) => {
      forgetDelete(workspace, collection, id);
      release(id);
    },
    [workspace, collection, release],
  );
  // Somebody who is about to log out, say, has made up their mind as well.
  useEffect(
    () =>
      onHeld(() => {
        for (const id of timers.current.keys()) if (!isHeld(workspace, collection, id)) release(id);
      }),
    [workspace, collection, release],
  );
  // Who leaves has made up their mind. What does not work any more is done at the next opening.
  useEffect(() => {
    const waiting = timers.current;
    return () => {
      for (const [id, timer] of waiting) {
        clearTimeout(timer);
        carryOut(workspace, collection, id).catch(() => {});
      }
      waiting.clear();
    };
  }, [workspace, collection]);

  const end = (id: string): void => {
    carryOut(workspace, collection, id)
      .catch((cause: unknown) => {
        forgetDelete(workspace, collection, id);
        setProblem(`It could not be deleted, so it is still here. ${failureWords(cause)}`);
      })
      .finally(() => release(id));
  };
  const hold = (row: Row): void => {
    setProblem(undefined);
    noteDelete(workspace, collection, row.id);
    timers.current.set(row.id, setTimeout(end, UNDO_MS, row.id));
    setHeld((rows) => [...rows, row]);
  };
  const ids = useSyncExternalStore(onHeld, () => JSON.stringify(heldIn(workspace, collection)));
  const hidden = useMemo(() => new Set(JSON.parse(ids) as string[]), [ids]);
  return { hidden, latest: held.at(-1), hold, undo, problem };
};
