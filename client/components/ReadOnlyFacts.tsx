// A record for those who may look and not change: what stands in it, and why there is no form.

import { Stack, Text } from '@mantine/core';
import { Fact } from './Fact.tsx';

interface ReadOnlyFactsProps {
  /** In the order of the form; without a value they are left out. */
  readonly facts: readonly (readonly [label: string, value: string])[];
}

export const ReadOnlyFacts = ({ facts }: ReadOnlyFactsProps) => (
  <Stack component="dl" gap="sm" m={0}>
    {facts
      .filter(([, value]) => value !== '')
      .map(([label, value]) => (
        <Fact key={label} label={label} style={{ whiteSpace: 'pre-wrap' }}>
          {value}
        </Fact>
      ))}
  </Stack>
);

export const WhyReadOnly = () => (
  <Text size="sm" c="dimmed" mb="md">
    You can look at everything here. To add and change things, ask an owner for another role.
  </Text>
);
