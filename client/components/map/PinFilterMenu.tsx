// Which kinds and statuses are shown; with their shapes it is the map's legend, too.

import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Indicator,
  Popover,
  Stack,
  Text,
} from '@mantine/core';
import { useState } from 'react';
import { PIN_KINDS, PIN_STATUSES } from '../../../schemas/index.ts';
import { filterOf, isFiltered } from '../../queries/map/pin-filter.ts';
import { navigate, withFilter } from '../../router.ts';
import { Icon } from '../Icon.tsx';
import { PinGlyph } from './PinGlyph.tsx';

const choose = (name: string) => (values: readonly string[]) =>
  navigate(withFilter(name, values.join(',')), 'replace');

export const PinFilterMenu = ({ query }: { readonly query: URLSearchParams }) => {
  const { kinds, statuses } = filterOf(query);
  const [opened, show] = useState(false);
  const count = kinds.length + statuses.length;
  return (
    <Popover
      opened={opened}
      onChange={show}
      position="bottom-end"
      width={280}
      trapFocus
      returnFocus
      withRoles
      shadow="md"
    >
      <Indicator label={count} size={18} disabled={count === 0}>
        <Popover.Target>
          <ActionIcon
            size={36}
            variant={count > 0 ? 'light' : 'default'}
            aria-label={count > 0 ? `Filter, ${count} chosen` : 'Filter'}
            onClick={() => show(!opened)}
          >
            <Icon name="filter" size={20} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown>
        <Choices query={query} />
      </Popover.Dropdown>
    </Popover>
  );
};

const clear = (): void => {
  choose('kind')([]);
  choose('status')([]);
};

const Choices = ({ query }: { readonly query: URLSearchParams }) => {
  const filter = filterOf(query);
  return (
    <Stack gap="sm">
      <Checkbox.Group label="Kind" value={[...filter.kinds]} onChange={choose('kind')}>
        <Stack gap={10} mt={8}>
          {PIN_KINDS.map((kind) => (
            <Group key={kind} gap="xs" wrap="nowrap" justify="space-between">
              <Checkbox value={kind} label={kind} />
              <PinGlyph kind={kind} status="open" />
            </Group>
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox.Group label="Status" value={[...filter.statuses]} onChange={choose('status')}>
        <Stack gap={10} mt={8}>
          {PIN_STATUSES.map((status) => (
            <Group key={status} gap="xs" wrap="nowrap" justify="space-between">
              <Checkbox value={status} label={status} />
              <PinGlyph kind="site" status={status} />
            </Group>
          ))}
        </Stack>
      </Checkbox.Group>
      {isFiltered(filter) ? (
        <Button variant="default" onClick={clear}>
          Show all
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          Nothing chosen shows all.
        </Text>
      )}
    </Stack>
  );
};
