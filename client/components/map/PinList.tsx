// The pins as a list, beside the map or, on a phone, instead of it.

import type { PinRow as Row } from '../../queries/map/pins.ts';
import { useNow } from '../../queries/use-now.ts';
import { VirtualList } from '../VirtualList.tsx';
import { PinRow } from './PinRow.tsx';

const ROW_PX = 56;

interface PinListProps {
  readonly rows: readonly Row[];
  /** What the rows were found by. */
  readonly view: string;
  /** The open pin's id. */
  readonly chosen: string | undefined;
  readonly pending: ReadonlySet<string>;
  /** Reasons by id. */
  readonly refused: ReadonlyMap<string, string>;
}

export const PinList = ({ rows, view, chosen, pending, refused }: PinListProps) => {
  const nowMs = useNow(60_000);
  return (
    <VirtualList label="Pins" rows={rows} rowHeightPx={ROW_PX} view={view} chosen={chosen}>
      {(row, index) => (
        <PinRow
          row={row}
          index={index}
          chosen={row.id === chosen}
          nowMs={nowMs}
          pending={pending.has(row.id)}
          refused={refused.get(row.id)}
        />
      )}
    </VirtualList>
  );
};
