// The sheet in which a feeding is added and changed: at the side, or the full screen of a phone.

import { Alert, Button, Drawer, Text } from '@mantine/core';
import { useState } from 'react';
import type { FeedingRow } from '../../queries/care/feedings.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { useNarrow } from '../use-narrow.ts';
import { FeedingForm } from './FeedingForm.tsx';

interface FeedingPanelProps {
  /** A feeding's id, or `new`; undefined while it is closed. */
  readonly open: string | undefined;
  readonly care: Care;
  readonly onClose: () => void;
  readonly onDelete: (row: FeedingRow) => void;
}

export const FeedingPanel = ({ open, care, onClose, onDelete }: FeedingPanelProps) => {
  const narrow = useNarrow();
  // What it shows while it slides away.
  const [last, setLast] = useState(open);
  if (open !== undefined && open !== last) setLast(open);
  const shown = open ?? last;
  const row = shown === undefined ? undefined : care.find(shown);
  // A new one starts like the last one, so the others must have been read.
  const ready = shown === 'new' ? care.state !== 'loading' : row !== undefined;
  return (
    <Drawer
      opened={open !== undefined}
      onClose={onClose}
      position="right"
      size={narrow ? '100%' : 'md'}
      title={
        <Text span fw={600}>
          {shown === 'new' ? 'New feeding' : 'Feeding'}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close', size: 44, iconSize: 20 }}
    >
      {ready ? (
        <FeedingForm key={shown} row={row} care={care} onClose={onClose} onDelete={onDelete} />
      ) : (
        <Missing loading={care.state === 'loading'} onClose={onClose} />
      )}
    </Drawer>
  );
};

interface MissingProps {
  readonly loading: boolean;
  readonly onClose: () => void;
}

const Missing = ({ loading, onClose }: MissingProps) =>
  loading ? (
    <Text c="dimmed">Opening…</Text>
  ) : (
    <Alert color="gray" title="This feeding is not on this device">
      <Text size="sm" mb="sm">
        It was deleted, or it has not arrived yet. It appears here as soon as it does.
      </Text>
      <Button variant="default" onClick={onClose}>
        Show all feedings
      </Button>
    </Alert>
  );
