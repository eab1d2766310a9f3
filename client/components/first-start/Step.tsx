// One numbered step of the first start.

import { Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

export const Step = ({ number, title, about, children }: StepProps) => (
  <Paper
    component="section"
    withBorder
    p={{ base: 'md', sm: 'lg' }}
    aria-labelledby={`step-${number}`}
  >
    <Stack>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <ThemeIcon radius="xl" size={32} variant="light" aria-hidden="true">
          <Text fw={700} size="sm">
            {number}
          </Text>
        </ThemeIcon>
        <div>
          <Title order={2} size="h4" id={`step-${number}`}>
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </div>
      </Group>
      {children}
    </Stack>
  </Paper>
);
