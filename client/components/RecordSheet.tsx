// The sheet in which a record is added, read and changed: at the side, or the full screen of a
// phone. Focus returns to where it was.

import { Alert, Button, Drawer, Skeleton, Stack, Text } from '@mantine/core';
import { useFocusReturn } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { RecordMarks } from '../sync/use-marks.ts';
import { SyncNotice } from './Marks.tsx';
import { Typed } from './Typed.tsx';
import { useNarrow } from './use-narrow.ts';

export const SHEET_PX = 400;
/** The top bar, with the state of sending, stays in sight. */
const BELOW_BAR = { inner: { top: 'var(--app-shell-header-height, 3.5rem)' } };

interface RecordSheetProps {
  readonly opened: boolean;
  /** The record's own name, where it has one. */
  readonly title: string;
  /** Whether what stands beside it stays in use; not on a phone. */
  readonly beside?: boolean;
  /** Whether it goes without sliding, because what lies below is used at once. */
  readonly atOnce?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export const RecordSheet = (props: RecordSheetProps) => {
  const { opened, title, beside = false, atOnce = false, onClose, children } = props;
  const narrow = useNarrow();
  const above = narrow || !beside;
  useFocusReturn({ opened, shouldReturnFocus: !above });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={narrow ? '100%' : SHEET_PX}
      withOverlay={above}
      lockScroll={above}
      trapFocus={above}
      // On a phone nothing is outside, but while it slides in: the end of the tap that opened it.
      closeOnClickOutside={above && !narrow}
      transitionProps={{ duration: atOnce ? 0 : 200 }}
      shadow="md"
      styles={above ? {} : BELOW_BAR}
      title={
        <Text span inherit lineClamp={2} dir="auto" title={title}>
          {title}
        </Text>
      }
    >
      {children}
    </Drawer>
  );
};

interface MissingProps {
  readonly collection: {
    readonly name: string;
    readonly label: { readonly one: string; readonly many: string };
  };
  readonly id: string;
  readonly marks: RecordMarks;
  readonly loading: boolean;
  readonly onClose: () => void;
}

/** In a sheet's place for a record that is not, or not yet, on this device. */
export const Missing = ({ collection, id, marks, loading, onClose }: MissingProps) => {
  const { name, label } = collection;
  if (loading)
    return (
      <Stack aria-busy="true" aria-label="Opening">
        {[40, 100, 40, 100, 40, 100].map((width, at) => (
          <Skeleton key={at} h={at % 2 === 0 ? 14 : 36} w={`${width}%`} />
        ))}
      </Stack>
    );
  return (
    <>
      <SyncNotice collection={name} id={id} marks={marks} />
      <Alert color="gray" title={`This ${label.one} is not on this device`}>
        <Text size="sm" mb="sm">
          {marks.refused.has(id)
            ? 'The server did not accept it. What you wrote is kept.'
            : 'It was deleted, or it has not arrived yet. It appears here as soon as it does.'}
        </Text>
        <Button variant="default" onClick={onClose}>
          Show all {label.many}
        </Button>
      </Alert>
      <Typed record={`${name}/${id}`} />
    </>
  );
};
