// Adding or changing a feeding. What is likely is filled in, so that adding is done in two taps.

import { useMemo } from 'react';
import { quickAmounts } from '../../queries/care/feeding-form.ts';
import type { FeedingRow } from '../../queries/care/feedings.ts';
import type { Care } from '../../queries/care/use-care.ts';
import { useFeedingDraft } from '../../queries/care/use-feeding-draft.ts';
import { RecordForm } from '../RecordForm.tsx';
import { FeedingFields } from './FeedingFields.tsx';

interface FeedingFormProps {
  /** What is stored; undefined for a new feeding. */
  readonly row: FeedingRow | undefined;
  readonly care: Pick<Care, 'rows' | 'zone'>;
  readonly onAdded: (id: string) => void;
  readonly onClose: () => void;
  readonly onDelete: (row: FeedingRow) => void;
}

export const FeedingForm = ({ row, care, onAdded, onClose, onDelete }: FeedingFormProps) => {
  const draft = useFeedingDraft(row, care.rows, care.zone);
  const amounts = useMemo(() => quickAmounts(care.rows), [care.rows]);
  return (
    <RecordForm
      draft={draft}
      submit={row ? 'Save' : 'Add feeding'}
      focusSubmit={!row}
      changedAtMs={row?.changedAtMs}
      onSaved={row ? onClose : onAdded}
      onCancel={onClose}
      onDelete={row && (() => onDelete(row))}
    >
      <FeedingFields draft={draft} amounts={amounts} zone={care.zone} />
    </RecordForm>
  );
};
