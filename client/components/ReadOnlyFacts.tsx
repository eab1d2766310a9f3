// A record for those who may look and not change: what stands in it, and why there is no form.

import { Stack, Text } from '@mantine/core';

interface ReadOnlyFactsProps {
  /** In the order of the form; without a value they are left out. */
  readonly facts: readonly (readonly [label: string, value: string])[];
}

export const ReadOnlyFacts = ({ facts }: ReadOnlyFactsProps) => (
  <Stack component="dl" gap="sm" m={0}>
    {facts
      .filter(([, value]) => value !== '')
      .map(([label, value]) => (
        <div key={label}>
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" m={0} dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
            {value}
          </Text>
        </div>
      ))}
  </Stack>
);

export const WhyReadOnly = () => (
  <Text size="sm" c="dimmed" mb="md">
    You can look at everything here. To add and change things, ask an owner for another role.
  </Text>
);
