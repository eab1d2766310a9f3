// One side of a text, with the words marked that the other side does not have.

import { Mark, Text } from '@mantine/core';
import { diffArrays } from 'diff';
import { useMemo } from 'react';

interface DifferenceProps {
  readonly text: string;
  readonly other: string;
}

/** Two long texts that have little in common would take longer to compare. */
const LONGEST_MS = 100;
/** Shorter ones are seen at a glance. */
const FEWEST_WORDS = 4;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
/** Words, and what stands between them, in any script. */
const wordsIn = (text: string): string[] => [...segmenter.segment(text)].map((one) => one.segment);

/** Undefined where the two are short, or have no words in common. */
const compare = (text: string, other: string) => {
  const [words, others] = [wordsIn(text), wordsIn(other)];
  if (Math.min(words.length, others.length) < 2 * FEWEST_WORDS - 1) return undefined;
  const parts = diffArrays(others, words, { timeout: LONGEST_MS });
  const isShared = parts?.some(
    ({ added, removed, value }) => !added && !removed && value.join('').trim() !== '',
  );
  return isShared ? parts?.filter(({ removed }) => !removed) : undefined;
};

export const Difference = ({ text, other }: DifferenceProps) => {
  const parts = useMemo(() => compare(text, other), [text, other]);
  if (text === '')
    return (
      <Text span inherit c="dimmed">
        Empty
      </Text>
    );
  return (
    <Text span inherit dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
      {parts?.map(({ value, added }, at) =>
        added ? (
          <Mark key={at} td="underline">
            {value.join('')}
          </Mark>
        ) : (
          value.join('')
        ),
      ) ?? text}
    </Text>
  );
};
