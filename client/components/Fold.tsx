// What most people need not read, behind a line that says what it is. It is made when it is opened.

import { Button, Collapse } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useId, type ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface FoldProps {
  readonly label: string;
  readonly children: ReactNode;
}

export const Fold = ({ label, children }: FoldProps) => {
  const [open, fold] = useDisclosure(false);
  const id = useId();
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        px={0}
        fw={500}
        className="fold"
        leftSection={<Icon name="chevron" size={16} />}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={fold.toggle}
      >
        {label}
      </Button>
      <Collapse expanded={open} id={id} keepMounted={false}>
        {children}
      </Collapse>
    </div>
  );
};
