// The care log's title, how many feedings there are, and what can be done with all of them.

import { ActionIcon, Button, Menu } from '@mantine/core';
import { csvOf } from '../../queries/care/csv.ts';
import type { FeedingRow } from '../../queries/care/feedings.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { downloadText } from '../../queries/download.ts';
import { formatNumber, plural } from '../../queries/format.ts';
import { Icon } from '../Icon.tsx';
import { PageHeader } from '../PageHeader.tsx';

interface CareHeaderProps {
  readonly care: Care;
  readonly mayAdd: boolean;
  readonly onAdd: () => void;
}

const countOf = ({ shown, rows, state }: Care): string => {
  const all = plural(rows.length, 'feeding', 'feedings');
  if (state === 'failed') return 'Could not be read';
  if (state === 'loading') return rows.length === 0 ? 'Opening' : `Opening, ${all} so far`;
  return shown.length === rows.length ? all : `${formatNumber(shown.length)} of ${all}`;
};

export const CareHeader = ({ care, mayAdd, onAdd }: CareHeaderProps) => (
  <PageHeader title="Care log" line={countOf(care)} calm={care.state === 'ready'}>
    {care.rows.length > 0 && (
      <>
        <Export care={care} />
        {mayAdd && (
          <Button leftSection={<Icon name="plus" />} onClick={onAdd}>
            Add feeding
          </Button>
        )}
      </>
    )}
  </PageHeader>
);

const Export = ({ care: { rows, shown, zone, today } }: Pick<CareHeaderProps, 'care'>) => {
  const give = (some: readonly FeedingRow[]): void =>
    downloadText(`care-log-${today}.csv`, 'text/csv', csvOf(some, zone));
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="Export as a table">
          <Icon name="download" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Export for spreadsheets (CSV)</Menu.Label>
        <Menu.Item onClick={() => give(rows)}>
          {rows.length === 1 ? '1 feeding' : `All ${plural(rows.length, 'feeding', 'feedings')}`}
        </Menu.Item>
        {shown.length !== rows.length && shown.length > 0 && (
          <Menu.Item onClick={() => give(shown)}>
            The {plural(shown.length, 'feeding', 'feedings')} found
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
};
