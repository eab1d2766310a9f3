// The sheet in which a pin is added, read and changed: at the side, or the full screen of a phone.

import { Alert, Button, Drawer, Text } from '@mantine/core';
import { useState } from 'react';
import type { PinRow } from '../queries/pins.ts';
import type { Pins } from '../queries/use-pins.ts';
import { PinForm } from './PinForm.tsx';
import { useNarrow } from './use-narrow.ts';

interface PinPanelProps {
  /** A pin's id, or `new`; undefined while it is closed. */
  readonly open: string | undefined;
  readonly pins: Pins;
  readonly onClose: () => void;
  readonly onDelete: (row: PinRow) => void;
}

export const PinPanel = ({ open, pins, onClose, onDelete }: PinPanelProps) => {
  const narrow = useNarrow();
  // What it shows while it slides away.
  const [last, setLast] = useState(open);
  if (open !== undefined && open !== last) setLast(open);
  const shown = open ?? last;
  const row = shown === undefined ? undefined : pins.find(shown);
  return (
    <Drawer
      opened={open !== undefined}
      onClose={onClose}
      position="right"
      size={narrow ? '100%' : 'md'}
      title={
        <Text span fw={600}>
          {shown === 'new' ? 'New pin' : 'Pin'}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close', size: 44, iconSize: 20 }}
    >
      {shown === 'new' || row ? (
        <PinForm key={shown} id={shown ?? ''} row={row} onClose={onClose} onDelete={onDelete} />
      ) : (
        <Missing loading={pins.state === 'loading'} onClose={onClose} />
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
    <Alert color="gray" title="This pin is not on this device">
      <Text size="sm" mb="sm">
        It was deleted, or it has not arrived yet. It appears here as soon as it does.
      </Text>
      <Button variant="default" onClick={onClose}>
        Show all pins
      </Button>
    </Alert>
  );
