// The pins as a list: one dense line each, or two where the screen is narrow.

import { useNow } from '../queries/use-now.ts';
import type { PinRow as Row } from '../queries/pins.ts';
import { PinRow } from './PinRow.tsx';
import { useNarrow } from './use-narrow.ts';
import { VirtualList } from './VirtualList.tsx';

const DENSE_PX = 44;
const TALL_PX = 64;

interface PinListProps {
  readonly rows: readonly Row[];
  /** What the rows were found by. */
  readonly search: string;
  readonly pending: ReadonlySet<string>;
  /** Reasons by id. */
  readonly refused: ReadonlyMap<string, string>;
}

export const PinList = ({ rows, search, pending, refused }: PinListProps) => {
  const narrow = useNarrow();
  const nowMs = useNow(60_000);
  return (
    <VirtualList label="Pins" rows={rows} rowHeightPx={narrow ? TALL_PX : DENSE_PX} view={search}>
      {(row, index) => (
        <PinRow
          row={row}
          index={index}
          narrow={narrow}
          nowMs={nowMs}
          pending={pending.has(row.id)}
          refused={refused.get(row.id)}
        />
      )}
    </VirtualList>
  );
};
