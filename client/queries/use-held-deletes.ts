// Deletes are held back while they can be undone: a delete that others have seen is final.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Workspace } from '../database/open.ts';
import { useWorkspace } from '../database/use-workspace.ts';
import { failureWords } from '../storage/write-failure.ts';

const UNDO_MS = 8_000;

interface Named {
  readonly id: string;
}

export interface HeldDeletes<Row extends Named> {
  readonly hidden: ReadonlySet<string>;
  /** The latest held one, to offer undo for. */
  readonly latest: Row | undefined;
  readonly hold: (row: Row) => void;
  readonly undo: (id: string) => void;
  /** Why the last delete did not work, in a sentence. */
  readonly problem: string | undefined;
}

/** @param remove deletes one record for good; the same function at every call. */
export const useHeldDeletes = <Row extends Named>(
  remove: (workspace: Workspace, id: string) => Promise<void>,
): HeldDeletes<Row> => {
  const workspace = useWorkspace();
  const [held, setHeld] = useState<readonly Row[]>([]);
  const [problem, setProblem] = useState<string>();
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());

  const release = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setHeld((rows) => rows.filter((row) => row.id !== id));
  }, []);
  const carryOut = useCallback(
    (id: string) => {
      clearTimeout(timers.current.get(id));
      timers.current.delete(id);
      remove(workspace, id)
        .catch((cause: unknown) =>
          setProblem(`It could not be deleted, so it is still here. ${failureWords(cause)}`),
        )
        .finally(() => release(id));
    },
    [workspace, remove, release],
  );
  // Who leaves has made up their mind.
  useEffect(() => {
    const waiting = timers.current;
    const carryOutAll = (): void => [...waiting.keys()].forEach(carryOut);
    window.addEventListener('pagehide', carryOutAll);
    return () => {
      window.removeEventListener('pagehide', carryOutAll);
      carryOutAll();
    };
  }, [carryOut]);

  const hold = (row: Row): void => {
    setProblem(undefined);
    timers.current.set(row.id, setTimeout(carryOut, UNDO_MS, row.id));
    setHeld((rows) => [...rows, row]);
  };
  const hidden = useMemo(() => new Set(held.map(({ id }) => id)), [held]);
  return { hidden, latest: held.at(-1), hold, undo: release, problem };
};
