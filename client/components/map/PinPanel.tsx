// The sheet in which a pin is added, read and changed, with its forms.

import { collections } from '../../../schemas/index.ts';
import type { Place } from '../../queries/map/mercator.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import type { Pins } from '../../queries/map/use-pins.ts';
import { useMayWrite } from '../../queries/use-may-write.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import { ConflictNotice, SyncNotice } from '../Marks.tsx';
import { WhyReadOnly } from '../ReadOnlyFacts.tsx';
import { Missing, RecordSheet } from '../RecordSheet.tsx';
import { Typed } from '../Typed.tsx';
import { useNarrow } from '../use-narrow.ts';
import { useShown } from '../use-shown.ts';
import { PinFacts } from './PinFacts.tsx';
import { PinForm } from './PinForm.tsx';
import { PinForms } from './PinForms.tsx';

interface PinPanelProps {
  /** A pin's id, or `new`; undefined while it is closed. */
  readonly open: string | undefined;
  readonly pins: Pins;
  readonly marks: RecordMarks;
  /** The map asks for a place: on a phone the sheet is out of its way. */
  readonly placing: boolean;
  readonly placed: Place | undefined;
  readonly onDraft: (place: Place | undefined) => void;
  readonly onChoose: () => void;
  readonly onAdded: (id: string) => void;
  readonly onClose: () => void;
  readonly onDelete: (row: PinRow) => void;
}

export const PinPanel = (props: PinPanelProps) => {
  const { open, pins, marks, onClose } = props;
  const aside = useNarrow() && props.placing;
  const shown = useShown(open);
  const row = shown === undefined ? undefined : pins.find(shown);
  const isNew = shown === 'new';
  return (
    <RecordSheet
      opened={open !== undefined && !aside}
      title={isNew ? 'New pin' : (row?.title ?? 'Pin')}
      beside
      atOnce={aside}
      onClose={onClose}
    >
      {isNew || row ? (
        <PinSheet key={shown} {...props} id={shown ?? ''} row={row} />
      ) : (
        <Missing
          key={shown}
          collection={collections.pins}
          id={shown ?? ''}
          marks={marks}
          loading={pins.state === 'loading'}
          onClose={onClose}
        />
      )}
    </RecordSheet>
  );
};

interface PinSheetProps extends PinPanelProps {
  readonly id: string;
  readonly row: PinRow | undefined;
}

const PinSheet = (props: PinSheetProps) => {
  const { row, marks } = props;
  const mayWrite = useMayWrite('pins');
  return (
    <>
      {row && <ConflictNotice entry={marks.conflicts.get(row.id)} />}
      {row && <SyncNotice collection="pins" id={row.id} marks={marks} />}
      {mayWrite ? <PinForm {...props} /> : <WhyReadOnly />}
      {!mayWrite && row && <PinFacts row={row} />}
      {!mayWrite && <Typed record={`pins/${props.id}`} />}
      {row && <PinForms key={row.id} pin={row.id} />}
    </>
  );
};
