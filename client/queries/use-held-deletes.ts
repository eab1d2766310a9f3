// Deletes are held back while they can be undone: a delete that others have seen is final.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useWorkspace } from '../database/use-workspace.ts';
import { deletePin, type PinRow } from './pins.ts';

const UNDO_MS = 8_000;
const NONE: readonly PinRow[] = [];

export interface HeldDeletes {
  readonly hidden: ReadonlySet<string>;
  /** The latest held one, to offer undo for. */
  readonly latest: PinRow | undefined;
  readonly hold: (row: PinRow) => void;
  readonly undo: (id: string) => void;
  /** Why the last delete did not work, in a sentence. */
  readonly problem: string | undefined;
}

export const useHeldDeletes = (): HeldDeletes => {
  const workspace = useWorkspace();
  const [held, setHeld] = useState(NONE);
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
      deletePin(workspace, id)
        .catch((cause: unknown) => setProblem(`Could not delete it: ${String(cause)}`))
        .finally(() => release(id));
    },
    [workspace, release],
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

  const hold = (row: PinRow): void => {
    setProblem(undefined);
    timers.current.set(row.id, setTimeout(carryOut, UNDO_MS, row.id));
    setHeld((rows) => [...rows, row]);
  };
  const hidden = useMemo(() => new Set(held.map(({ id }) => id)), [held]);
  return { hidden, latest: held.at(-1), hold, undo: release, problem };
};
