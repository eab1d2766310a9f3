// The sheet in which a feeding is added, read and changed.

import { collections } from '../../../schemas/index.ts';
import { formatDay, formatMoment, formatTime } from '../../queries/care/clock.ts';
import { dayOf } from '../../queries/care/days.ts';
import type { FeedingRow } from '../../queries/care/feedings.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { asLabel, formatNumber } from '../../queries/format.ts';
import { useMayWrite } from '../../queries/use-may-write.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import { ConflictNotice, SyncNotice } from '../Marks.tsx';
import { ReadOnlyFacts, WhyReadOnly } from '../ReadOnlyFacts.tsx';
import { Missing, RecordSheet } from '../RecordSheet.tsx';
import { Typed } from '../Typed.tsx';
import { useShown } from '../use-shown.ts';
import { FeedingForm } from './FeedingForm.tsx';

interface FeedingPanelProps {
  /** A feeding's id, or `new`; undefined while it is closed. */
  readonly open: string | undefined;
  readonly care: Care;
  readonly marks: RecordMarks;
  readonly onAdded: (id: string) => void;
  readonly onClose: () => void;
  readonly onDelete: (row: FeedingRow) => void;
}

/** `Today, 3:03 PM` */
export const titleAt = (atMs: number, { today, zone }: Care): string =>
  `${formatDay(dayOf(atMs, zone), today)}, ${formatTime(atMs, zone)}`;

export const FeedingPanel = (props: FeedingPanelProps) => {
  const { open, care, marks, onClose } = props;
  const mayWrite = useMayWrite('feedings');
  const shown = useShown(open);
  const row = shown === undefined ? undefined : care.find(shown);
  const isNew = shown === 'new';
  // A new one starts like the last one, so the others must have been read.
  const ready = isNew ? care.state !== 'loading' : row !== undefined;
  return (
    <RecordSheet
      opened={open !== undefined}
      title={isNew ? 'New feeding' : row ? titleAt(row.atMs, care) : 'Feeding'}
      onClose={onClose}
    >
      {!ready && (
        <Missing
          key={shown}
          collection={collections.feedings}
          id={shown ?? ''}
          marks={marks}
          loading={care.state === 'loading'}
          onClose={onClose}
        />
      )}
      {row && <ConflictNotice entry={marks.conflicts.get(row.id)} />}
      {row && <SyncNotice collection="feedings" id={row.id} marks={marks} />}
      {ready && mayWrite && <FeedingForm key={shown} {...props} row={row} />}
      {ready && !mayWrite && <WhyReadOnly />}
      {row && !mayWrite && <FeedingFacts row={row} zone={care.zone} />}
      {shown !== undefined && ready && !mayWrite && (
        <Typed key={shown} record={`feedings/${shown}`} />
      )}
    </RecordSheet>
  );
};

interface FeedingFactsProps {
  readonly row: FeedingRow;
  readonly zone: string;
}

const FeedingFacts = ({ row, zone }: FeedingFactsProps) => (
  <ReadOnlyFacts
    facts={[
      ['Amount', `${formatNumber(row.amountMl)} ml`],
      ['What', asLabel(row.foodType)],
      ['When', formatMoment(row.atMs, zone)],
      ['Notes', row.notes],
    ]}
  />
);
