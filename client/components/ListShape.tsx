// The rows of a list that are not there yet: a shape, a title, a line below it.

import { Group, Skeleton, Stack } from '@mantine/core';

const ROWS = [70, 45, 60, 52, 66, 40, 58, 48] as const;

/** @param words what is happening, for screen readers. */
export const ListShape = ({ words }: { readonly words: string }) => (
  <Stack gap={0} pt="sm" aria-busy="true" role="status" aria-label={words}>
    {ROWS.map((width) => (
      <Group key={width} h={56} gap="sm" wrap="nowrap" px="xs">
        <Skeleton circle height={22} flex="none" />
        <Stack gap={6} flex={1}>
          <Skeleton height={12} width={`${width}%`} />
          <Skeleton height={10} width={`${width / 2}%`} />
        </Stack>
      </Group>
    ))}
  </Stack>
);
