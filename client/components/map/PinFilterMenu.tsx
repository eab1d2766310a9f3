// Which kinds and statuses are shown; with their shapes it is the map's legend, too.

import { ActionIcon, Button, Checkbox, Group, Indicator, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { PIN_KINDS, PIN_STATUSES } from '../../../schemas/index.ts';
import { asLabel } from '../../queries/format.ts';
import { filterOf, isFiltered } from '../../queries/map/pin-filter.ts';
import { navigate, withFilter } from '../../router.ts';
import { FoldOut } from '../FoldOut.tsx';
import { Icon } from '../Icon.tsx';
import { PinGlyph } from './PinGlyph.tsx';

const choose = (name: string) => (values: readonly string[]) =>
  navigate(withFilter(name, values.join(',')), 'replace');

export const PinFilterMenu = ({ query }: { readonly query: URLSearchParams }) => {
  const { kinds, statuses } = filterOf(query);
  const [opened, show] = useState(false);
  const count = kinds.length + statuses.length;
  return (
    <Indicator label={count} size={18} disabled={count === 0}>
      <FoldOut
        opened={opened}
        onClose={() => show(false)}
        title="Filter"
        widthPx={280}
        target={
          <ActionIcon
            size={36}
            variant={count > 0 ? 'light' : 'default'}
            aria-label={count > 0 ? `Filter, ${count} chosen` : 'Filter'}
            onClick={() => show(!opened)}
          >
            <Icon name="filter" size={20} />
          </ActionIcon>
        }
      >
        <Choices query={query} />
      </FoldOut>
    </Indicator>
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
        <Stack className="filter-choices" mt={8}>
          {PIN_KINDS.map((kind) => (
            <Group key={kind} gap="xs" wrap="nowrap" justify="space-between">
              <Checkbox value={kind} label={asLabel(kind)} />
              <PinGlyph kind={kind} status="open" />
            </Group>
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox.Group label="Status" value={[...filter.statuses]} onChange={choose('status')}>
        <Stack className="filter-choices" mt={8}>
          {PIN_STATUSES.map((status) => (
            <Group key={status} gap="xs" wrap="nowrap" justify="space-between">
              <Checkbox value={status} label={asLabel(status)} />
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
          Nothing chosen: all are shown.
        </Text>
      )}
    </Stack>
  );
};
