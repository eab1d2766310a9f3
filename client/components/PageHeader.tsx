// The top of every screen: its title, one line of what is here, its actions at the right. Where the
// top bar shows the title already, on phones, the heading is for screen readers.

import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PageHeaderProps {
  readonly title: string;
  readonly line: ReactNode;
  /** The line is spoken when it changes; not while it counts. */
  readonly calm: boolean;
  /** The line may be long: on phones the actions stand below it. */
  readonly long?: boolean;
  readonly children?: ReactNode;
}

export const PageHeader = ({ title, line, calm, long = false, children }: PageHeaderProps) => (
  <Group
    justify="space-between"
    wrap="nowrap"
    gap="sm"
    className={long ? 'long-header' : undefined}
  >
    <div>
      <Title order={1} size="h3" className="page-title">
        {title}
      </Title>
      <Text size="sm" c="dimmed" aria-live={calm ? 'polite' : 'off'}>
        {line}
      </Text>
    </div>
    <Group gap="xs" wrap="nowrap" flex="none">
      {children}
    </Group>
  </Group>
);
