// The field map: the same pins as a list and on a map, one panel for the open one; with or without
// a network.

import { Alert } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useEffect } from 'react';
import { MapCanvas } from '../../components/map/MapCanvas.tsx';
import { landWorker } from '../../components/map/land-layer.ts';
import { MapSide } from '../../components/map/MapSide.tsx';
import { PinPanel } from '../../components/map/PinPanel.tsx';
import { showPin } from '../../components/map/show-pin.ts';
import { RecordNotice } from '../../components/NoticeBar.tsx';
import { SHEET_PX } from '../../components/RecordSheet.tsx';
import { RefusedPanel } from '../../components/RefusedPanel.tsx';
import { useAdded } from '../../components/use-added.ts';
import { useNarrow } from '../../components/use-narrow.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import { usePins } from '../../queries/map/use-pins.ts';
import { useHeldDeletes } from '../../queries/use-held-deletes.ts';
import { useMayWrite } from '../../queries/use-may-write.ts';
import { leave, navigate, pinAddress } from '../../router.ts';
import { useRefused } from '../../sync/use-refused.ts';
import { useMarks } from '../../sync/use-marks.ts';
import type { ModuleScreenProps } from '../module-screen.ts';
import { usePlacing } from './use-placing.ts';

/** Where list and map have no room side by side: which of them is shown. */
const useOne = (query: URLSearchParams): 'list' | 'map' | undefined => {
  const stacked = useMediaQuery('(max-width: 61.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  if (!stacked) return undefined;
  return query.get('view') === 'map' ? 'map' : 'list';
};

const add = (): void => showPin('new');
const close = (): void => leave(pinAddress());

const MapScreen = ({ open, query }: ModuleScreenProps) => {
  const { name } = useWorkspace();
  const narrow = useNarrow();
  const one = useOne(query);
  const deletes = useHeldDeletes<PinRow>('pins');
  const pins = usePins(query, deletes.hidden);
  const marks = useMarks('pins');
  const refused = useRefused('pins');
  const place = usePlacing(open, one !== undefined, close);
  const mayAdd = useMayWrite('pins');
  const [added, tellAdded] = useAdded();
  const chosen = open ?? added;
  const remove = (row: PinRow): void => {
    close();
    deletes.hold(row);
  };
  useEffect(() => void landWorker(), []);
  useHotkeys(open === undefined && mayAdd ? [['n', add]] : []);
  return (
    <div className="map-screen" data-one={one}>
      <MapSide {...{ pins, query, one, marks }} open={chosen} onAdd={add}>
        <RefusedPanel refused={refused} titleField="title" />
        {deletes.problem !== undefined && <Alert color="red">{deletes.problem}</Alert>}
      </MapSide>
      {one !== 'list' && (
        <MapCanvas
          name={`holdfast.map ${name}`}
          rows={pins.shown}
          selected={chosen === undefined ? undefined : pins.find(chosen)}
          draft={place.draft}
          marks={marks}
          placing={place.placing}
          coveredRightPx={open !== undefined && !narrow ? SHEET_PX : 0}
          onOpen={(row) => showPin(row.id)}
          onPlace={(at) => mayAdd && place.take(at)}
          onPlacing={place.setPlacing}
        />
      )}
      <PinPanel
        {...{ open, pins, marks }}
        placing={place.placing}
        placed={place.placed}
        onDraft={place.setDraft}
        onChoose={place.choose}
        onAdded={(id) => {
          tellAdded(id);
          close();
        }}
        onClose={close}
        onDelete={remove}
      />
      <RecordNotice
        deleted={deletes.latest?.title}
        added={open === undefined && added !== undefined ? pins.find(added)?.title : undefined}
        onUndo={() => deletes.latest && deletes.undo(deletes.latest.id)}
        onShow={() => navigate(pinAddress(added))}
      />
    </div>
  );
};

export default MapScreen;
