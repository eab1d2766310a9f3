// What a button opens: beside it at a desk, a sheet from the bottom edge of a phone, where it would
// cover what it is about.

import { Drawer, Popover } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useNarrow } from './use-narrow.ts';

interface FoldOutProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly widthPx: number;
  readonly target: ReactElement;
  readonly children: ReactNode;
}

const AS_HIGH_AS_NEEDED = { content: { height: 'auto', maxHeight: '85dvh' } };

export const FoldOut = ({ opened, onClose, title, widthPx, target, children }: FoldOutProps) =>
  useNarrow() ? (
    <>
      {target}
      <Drawer
        opened={opened}
        onClose={onClose}
        position="bottom"
        title={title}
        styles={AS_HIGH_AS_NEEDED}
      >
        {children}
      </Drawer>
    </>
  ) : (
    <Popover
      opened={opened}
      onChange={(open) => !open && onClose()}
      width={widthPx}
      position="bottom-end"
      trapFocus
      returnFocus
      withRoles
      shadow="md"
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown aria-label={title}>{children}</Popover.Dropdown>
    </Popover>
  );
