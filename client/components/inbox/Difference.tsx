// One side of a text, with the words marked that the other side does not have.

import { Mark, Text } from '@mantine/core';
import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';

interface DifferenceProps {
  readonly text: string;
  readonly other: string;
}

/** Longer than this, two texts that have little in common take too long to compare. */
const LONGEST_MS = 100;
const hasWords = (text: string): boolean => /\S\s+\S/.test(text);

export const Difference = ({ text, other }: DifferenceProps) => {
  const parts = useMemo(
    () =>
      hasWords(text) && hasWords(other)
        ? diffWordsWithSpace(other, text, { timeout: LONGEST_MS })
        : undefined,
    [text, other],
  );
  if (text === '')
    return (
      <Text span inherit c="dimmed">
        Empty
      </Text>
    );
  return (
    <Text span inherit dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
      {parts
        ? parts
            .filter(({ removed }) => !removed)
            .map(({ value, added }, at) =>
              added ? (
                <Mark key={at} td="underline">
                  {value}
                </Mark>
              ) : (
                value
              ),
            )
        : text}
    </Text>
  );
};
