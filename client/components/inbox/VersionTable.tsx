// Two versions of a record, one row per field that differs: what it was, one side, the other. With
// `onChoose` each row is a choice.

import { Radio, Table, Text } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import type { EntryRow } from '../../queries/inbox/entries.ts';
import { labelOf, wordsOf, type Here } from '../../queries/inbox/faces.ts';
import type { Choices, Side } from '../../queries/inbox/settle.ts';
import { useNarrow } from '../use-narrow.ts';
import { Difference } from './Difference.tsx';

export interface VersionTableProps {
  readonly entry: EntryRow;
  readonly fields: readonly string[];
  /** `Yours` and `Ada’s` */
  readonly heads: Readonly<Record<Side, string>>;
  readonly here: Here;
  readonly choices?: Choices;
  readonly onChoose?: (field: string, side: Side) => void;
}

export const VersionTable = (props: VersionTableProps) => {
  const { fields, heads, entry } = props;
  const narrow = useNarrow();
  const hasBase = entry.base !== undefined;
  return (
    <Table withTableBorder verticalSpacing="xs" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          {!narrow && <Table.Th w={90}>Field</Table.Th>}
          {!narrow && hasBase && <Table.Th>Before</Table.Th>}
          <Table.Th dir="auto">{heads.mine}</Table.Th>
          <Table.Th dir="auto">{heads.theirs}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fields.map((field) => (
          <FieldRows key={field} {...props} field={field} narrow={narrow} hasBase={hasBase} />
        ))}
      </Table.Tbody>
    </Table>
  );
};

interface FieldRowsProps extends VersionTableProps {
  readonly field: string;
  readonly narrow: boolean;
  readonly hasBase: boolean;
}

const FieldRows = (props: FieldRowsProps) => {
  const { entry, field, here, narrow, hasBase } = props;
  const name = entry.collectionName;
  const label = labelOf(name, field);
  const before = wordsOf(name, field, entry.base, here) || 'Empty';
  const sides = <Sides {...props} label={label} />;
  if (!narrow)
    return (
      <Table.Tr>
        <Table.Th scope="row">{label}</Table.Th>
        {hasBase && (
          <Table.Td c="dimmed" dir="auto">
            {before}
          </Table.Td>
        )}
        {sides}
      </Table.Tr>
    );
  return (
    <>
      <Table.Tr bd={0}>
        <Table.Th colSpan={2} scope="row" pb={0} dir="auto">
          {label}
          {hasBase && <Text span size="sm" c="dimmed" fw={400}>{` before: ${before}`}</Text>}
        </Table.Th>
      </Table.Tr>
      <Table.Tr>{sides}</Table.Tr>
    </>
  );
};

const Sides = (props: FieldRowsProps & { readonly label: string }) => {
  const { entry, field, here, heads, label, choices, onChoose } = props;
  const group = useId();
  const words = {
    mine: wordsOf(entry.collectionName, field, entry.mine, here),
    theirs: wordsOf(entry.collectionName, field, entry.theirs, here),
  };
  const cell = (side: Side): ReactNode => {
    const value = (
      <Difference text={words[side]} other={words[side === 'mine' ? 'theirs' : 'mine']} />
    );
    if (!onChoose) return value;
    return (
      <Radio
        name={group}
        value={side}
        checked={choices?.[field] === side}
        onChange={() => onChoose(field, side)}
        label={value}
        aria-label={`${label}, ${heads[side]}: ${words[side] || 'Empty'}`}
        className="side-choice"
      />
    );
  };
  return (
    <>
      <Table.Td>{cell('mine')}</Table.Td>
      <Table.Td>{cell('theirs')}</Table.Td>
    </>
  );
};
