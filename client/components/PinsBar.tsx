// Above the list: what is here and how many, the one action, and the search.

import { Button, Group, Kbd, Text, TextInput, Title } from '@mantine/core';
import type { KeyboardEvent, RefObject } from 'react';
import { formatNumber, plural } from '../queries/format.ts';
import type { Pins } from '../queries/use-pins.ts';
import { Icon } from './Icon.tsx';

interface PinsBarProps {
  readonly pins: Pins;
  readonly search: string;
  readonly searchBox: RefObject<HTMLInputElement | null>;
  readonly onSearch: (text: string) => void;
  readonly onAdd: () => void;
}

const countOf = ({ shown, total, state }: Pins): string => {
  const all = plural(total, 'pin', 'pins');
  if (state === 'loading') return `Reading, ${all} so far`;
  return shown.length === total ? all : `${formatNumber(shown.length)} of ${all}`;
};

export const PinsBar = ({ pins, search, searchBox, onSearch, onAdd }: PinsBarProps) => {
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onSearch('');
    if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('.pin-row')?.focus();
  };
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Title order={1} size="h3">
            Pins
          </Title>
          <Text size="sm" c="dimmed" aria-live={pins.state === 'ready' ? 'polite' : 'off'}>
            {countOf(pins)}
          </Text>
        </div>
        {pins.total > 0 && (
          <Button leftSection={<Icon name="plus" />} onClick={onAdd}>
            Add pin
          </Button>
        )}
      </Group>
      {pins.total > 0 && (
        <TextInput
          ref={searchBox}
          type="search"
          aria-label="Search pins"
          placeholder="Search title, notes, kind, status"
          leftSection={<Icon name="search" />}
          rightSection={<Kbd visibleFrom="sm">/</Kbd>}
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          onKeyDown={keys}
        />
      )}
    </>
  );
};
