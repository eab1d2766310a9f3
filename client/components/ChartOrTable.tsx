// A chart, and the same in numbers as a table.

import { Button, ScrollArea, Table } from '@mantine/core';
import { useState, type ReactNode } from 'react';

interface ChartOrTableProps {
  readonly chart: ReactNode;
  /** All columns but the first hold numbers. */
  readonly heads: readonly string[];
  readonly rows: readonly {
    readonly key: string;
    readonly cells: readonly string[];
    /** The first cell in more words. */
    readonly title?: string;
  }[];
}

const alignOf = (column: number) => (column === 0 ? 'start' : 'end');

export const ChartOrTable = ({ chart, heads, rows }: ChartOrTableProps) => {
  const [asTable, setAsTable] = useState(false);
  return (
    <>
      {asTable ? (
        <ScrollArea.Autosize mah={240} type="auto" viewportProps={{ tabIndex: 0 }}>
          <Table verticalSpacing={4} stickyHeader className="digits">
            <Table.Thead>
              <Table.Tr>
                {heads.map((head, column) => (
                  <Table.Th key={head} ta={alignOf(column)}>
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ key, cells, title }) => (
                <Table.Tr key={key}>
                  {cells.map((cell, column) => (
                    <Table.Td
                      key={heads[column]}
                      ta={alignOf(column)}
                      title={column === 0 ? title : undefined}
                    >
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      ) : (
        chart
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        px={0}
        mt="xs"
        onClick={() => setAsTable(!asTable)}
      >
        {asTable ? 'Show as a chart' : 'Show as a table'}
      </Button>
    </>
  );
};
