// The dialog of one entry: over any screen at a desk, the whole screen of a phone.

import { Alert, Button, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { collectionOf } from '../../queries/inbox/settle.ts';
import { useEntry, useHere, usePeople } from '../../queries/inbox/use-inbox.ts';
import { useSettling } from '../../queries/inbox/use-settling.ts';
import { titleOf, type People } from '../../queries/inbox/words.ts';
import { Dialog } from '../Dialog.tsx';
import { useShown } from '../use-shown.ts';
import { PastEntry } from './PastEntry.tsx';
import { SettleForm } from './SettleForm.tsx';

export type Done = 'settled' | 'reopened' | 'usedMine' | 'putAway';

interface EntryDialogProps {
  /** An entry's id; undefined while it is closed. */
  readonly open: string | undefined;
  readonly onClose: () => void;
  readonly onDone: (done: Done, entry: EntryRow) => void;
}

/** Where the mark that led here is gone, reading goes on with the screen. */
const focusScreen = (): void => {
  if (document.activeElement === document.body) document.getElementById('main')?.focus();
};

export const EntryDialog = ({ open, onClose, onDone }: EntryDialogProps) => {
  const people = usePeople();
  const { loading, entry: now } = useEntry(useShown(open) ?? '');
  // While it closes it stays as it was when somebody decided.
  const [held, hold] = useState<EntryRow>();
  const entry = held ?? now;
  const leave = (): void => {
    hold(undefined);
    focusScreen();
  };
  const run = async (what: Done, about: EntryRow, does: () => Promise<void>): Promise<void> => {
    hold(about);
    try {
      await does();
    } catch (cause) {
      hold(undefined);
      throw cause;
    }
    onDone(what, about);
  };
  return (
    <Dialog
      opened={open !== undefined}
      onClose={onClose}
      onExitTransitionEnd={leave}
      centered={false}
      size={760}
      title={entry ? titleOf(entry, people) : 'Inbox'}
    >
      {entry ? (
        <Body {...{ entry, people, onClose, run }} />
      ) : (
        <NotHere loading={loading} onClose={onClose} />
      )}
    </Dialog>
  );
};

interface BodyProps {
  readonly entry: EntryRow;
  readonly people: People;
  readonly run: (what: Done, about: EntryRow, does: () => Promise<void>) => Promise<void>;
  readonly onClose: () => void;
}

const Body = ({ entry, people, onClose, run }: BodyProps) => {
  const here = useHere();
  const settling = useSettling(entry);
  const collection = collectionOf(entry.collectionName);
  if (!settling || !collection)
    return <Text size="sm">Reload the page to see this: it is of a kind that is new here.</Text>;
  const done = (what: Done, does: (() => Promise<void>) | undefined) =>
    does && (() => run(what, entry, does));
  if (entry.phase === 'open' && settling.mayWrite && entry.resolution === undefined)
    return (
      <SettleForm
        // What was chosen was about these two versions.
        key={`${entry.theirsRev} ${entry.mineAt}`}
        {...{ entry, collection, people, here }}
        onCancel={onClose}
        onDecide={(resolution) => run('settled', entry, () => settling.decide(resolution))}
      />
    );
  return (
    <PastEntry
      {...{ entry, collection, people, here, onClose }}
      onUseMine={done('usedMine', settling.useMine)}
      onPutAway={done('putAway', settling.putAway)}
      onUndo={done('reopened', settling.undo)}
    />
  );
};

interface NotHereProps {
  readonly loading: boolean;
  readonly onClose: () => void;
}

const NotHere = ({ loading, onClose }: NotHereProps) =>
  loading ? (
    <Skeleton h={200} aria-busy="true" aria-label="Opening" />
  ) : (
    <Alert color="gray" title="This is not on this device">
      <Text size="sm" mb="sm">
        It has not arrived yet, or it is not yours to see. It appears here as soon as it does.
      </Text>
      <Button variant="default" onClick={onClose}>
        Close
      </Button>
    </Alert>
  );
