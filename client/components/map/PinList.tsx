// The pins as a list, beside the map or, on a phone, instead of it.

import { memo } from 'react';
import type { PinRow as Row } from '../../queries/map/pins.ts';
import { useNow } from '../../queries/use-now.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import { marksOf } from '../Marks.tsx';
import { VirtualList } from '../VirtualList.tsx';
import { PinRow } from './PinRow.tsx';

const ROW_PX = 56;

interface PinListProps {
  readonly rows: readonly Row[];
  /** What the rows were found by. */
  readonly view: string;
  /** The open pin's id. */
  readonly chosen: string | undefined;
  readonly marks: RecordMarks;
}

/** Drawn anew only with other rows, not with each letter that is typed. */
export const PinList = memo(({ rows, view, chosen, marks }: PinListProps) => {
  const nowMs = useNow(60_000);
  return (
    <VirtualList label="Pins" rows={rows} rowHeightPx={ROW_PX} view={view} chosen={chosen}>
      {(row, index) => (
        <PinRow
          row={row}
          index={index}
          chosen={row.id === chosen}
          nowMs={nowMs}
          {...marksOf(marks, row.id)}
        />
      )}
    </VirtualList>
  );
});
