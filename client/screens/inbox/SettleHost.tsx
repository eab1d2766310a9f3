// The dialog of the inbox over whatever screen is shown, and afterwards what was done and how to take
// it back.

import { useEffect, useState } from 'react';
import { EntryDialog, type Done } from '../../components/inbox/EntryDialog.tsx';
import { NoticeBar } from '../../components/NoticeBar.tsx';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { useUndo } from '../../queries/inbox/use-settling.ts';
import { navigate, recordAddress } from '../../router.ts';

export interface SettleHostProps {
  /** An entry's id; undefined while none is open. */
  readonly open: string | undefined;
  readonly onClose: () => void;
}

interface Told {
  readonly done: Done;
  readonly entry: EntryRow;
}

const MOMENT_MS = 8_000;
const WORDS: Readonly<Record<Done, string>> = {
  settled: 'Settled.',
  reopened: 'Taken back.',
  usedMine: 'Your version stands.',
  putAway: 'Put away.',
};

const SettleHost = ({ open, onClose }: SettleHostProps) => {
  const [told, tell] = useState<Told>();
  const undo = useUndo();
  // The focus returns to where it was when the dialog opened, so it must have been there, closed.
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  useEffect(() => {
    if (told === undefined) return undefined;
    const timer = setTimeout(tell, MOMENT_MS, undefined);
    return () => clearTimeout(timer);
  }, [told]);
  const show = ({ collectionName, documentId, mine }: EntryRow): void =>
    navigate(recordAddress(collectionName, documentId, mine) ?? '/inbox');
  const act = (): void => {
    tell(undefined);
    if (told?.done === 'settled') undo(told.entry.id);
    else if (told) show(told.entry);
  };
  return (
    <>
      <EntryDialog
        open={ready ? open : undefined}
        onClose={onClose}
        onDone={(done, entry) => {
          tell({ done, entry });
          onClose();
        }}
      />
      <NoticeBar
        words={told && WORDS[told.done]}
        action={told?.done === 'settled' ? 'Undo' : 'Show'}
        onAction={act}
      />
    </>
  );
};

export default SettleHost;
