// A name and a value, as a pair of a description list.

import { Text, type MantineSize, type TextProps } from '@mantine/core';
import type { ReactNode } from 'react';

/** Everything but the label is about the value. */
interface FactProps extends TextProps {
  readonly label: string;
  readonly labelSize?: MantineSize;
  readonly children: ReactNode;
}

export const Fact = ({ label, labelSize = 'sm', children, ...value }: FactProps) => (
  <div>
    <Text component="dt" size={labelSize} c="dimmed">
      {label}
    </Text>
    <Text component="dd" m={0} dir="auto" {...value}>
      {children}
    </Text>
  </div>
);
