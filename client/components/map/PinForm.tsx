// Adding or changing a pin. Others' changes to untouched fields show while it is open.

import { useEffect, useEffectEvent } from 'react';
import type { Place } from '../../queries/map/mercator.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import { usePinDraft, type PinDraft } from '../../queries/map/use-pin-draft.ts';
import { RecordForm } from '../RecordForm.tsx';
import { PinFields } from './PinFields.tsx';

interface PinFormProps {
  readonly id: string;
  /** What is stored; undefined for a new pin. */
  readonly row: PinRow | undefined;
  /** What was tapped on the map for it. */
  readonly placed: Place | undefined;
  /** Tells where the form says that it is, if that is not where it stands. */
  readonly onDraft: (place: Place | undefined) => void;
  readonly onChoose: () => void;
  readonly onAdded: (id: string) => void;
  readonly onClose: () => void;
  readonly onDelete: (row: PinRow) => void;
}

export const PinForm = (props: PinFormProps) => {
  const { id, row, placed, onAdded, onClose, onDelete } = props;
  const draft = usePinDraft(id, row);
  usePlaces(draft, props);
  return (
    <RecordForm
      // A place that was just tapped is nothing typed earlier.
      draft={{ ...draft, found: draft.found && !placed }}
      submit={row ? 'Save' : 'Add pin'}
      changedAtMs={row?.changedAtMs}
      onSaved={row ? onClose : onAdded}
      onCancel={onClose}
      onDelete={row && (() => onDelete(row))}
    >
      <PinFields draft={draft} isNew={!row} onChoose={props.onChoose} />
    </RecordForm>
  );
};

/** What is tapped on the map goes into the form, and what stands in the form goes onto the map. */
const usePlaces = (draft: PinDraft, { row, placed, onDraft }: PinFormProps): void => {
  const { lat, lng } = draft.form;
  const take = useEffectEvent(() => placed && draft.change(placed));
  useEffect(() => take(), [placed]);
  const tell = useEffectEvent(() => {
    const moved = lat !== row?.position.lat || lng !== row.position.lng;
    const isPlace = typeof lat === 'number' && typeof lng === 'number' && moved;
    onDraft(isPlace ? { lat, lng } : undefined);
  });
  useEffect(() => tell(), [lat, lng]);
  const forget = useEffectEvent(() => onDraft(undefined));
  useEffect(() => () => forget(), []);
};
