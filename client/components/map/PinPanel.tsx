// The sheet in which a pin is added, read and changed: at the side, or the full screen of a phone.

import { Alert, Button, Drawer, Text } from '@mantine/core';
import { useState } from 'react';
import type { PinRow } from '../../queries/map/pins.ts';
import type { Pins } from '../../queries/map/use-pins.ts';
import type { Place } from '../../queries/map/mercator.ts';
import { PinForm } from './PinForm.tsx';
import { PinForms } from './PinForms.tsx';
import { useNarrow } from '../use-narrow.ts';

/** How wide it is beside the map. */
export const PANEL_PX = 400;
/** The top bar, with the state of sending, stays in sight. */
const BELOW_BAR = { inner: { top: 'var(--app-shell-header-height, 3.5rem)' } };

interface PinPanelProps {
  /** A pin's id, or `new`; undefined while it is closed. */
  readonly open: string | undefined;
  readonly pins: Pins;
  /** Out of the way while a phone's whole screen is the map. */
  readonly aside: boolean;
  readonly placed: Place | undefined;
  readonly onDraft: (place: Place | undefined) => void;
  readonly onChoose: () => void;
  readonly onClose: () => void;
  readonly onDelete: (row: PinRow) => void;
}

export const PinPanel = (props: PinPanelProps) => {
  const { open, pins, aside, onClose } = props;
  const narrow = useNarrow();
  // What it shows while it slides away.
  const [last, setLast] = useState(open);
  if (open !== undefined && open !== last) setLast(open);
  const shown = open ?? last;
  const row = shown === undefined ? undefined : pins.find(shown);
  return (
    <Drawer
      opened={open !== undefined && !aside}
      onClose={onClose}
      position="right"
      size={narrow ? '100%' : PANEL_PX}
      // The map and the list beside it stay in use.
      withOverlay={narrow}
      lockScroll={narrow}
      trapFocus={narrow}
      closeOnClickOutside={false}
      // The map is tapped at once: nothing may still be sliding away above it.
      transitionProps={{ duration: aside ? 0 : 200 }}
      shadow="md"
      styles={narrow ? {} : BELOW_BAR}
      title={
        <Text span fw={600}>
          {shown === 'new' ? 'New pin' : 'Pin'}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close', size: 44, iconSize: 20 }}
    >
      {shown === 'new' || row ? (
        <>
          <PinForm key={shown} {...props} id={shown ?? ''} row={row} />
          {row && <PinForms key={row.id} pin={row.id} />}
        </>
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
