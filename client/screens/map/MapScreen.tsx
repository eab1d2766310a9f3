// The field map: the same pins as a list and on a map, one panel for the open one; with or without
// a network.

import { Alert } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { MapCanvas } from '../../components/map/MapCanvas.tsx';
import { MapSide } from '../../components/map/MapSide.tsx';
import { PANEL_PX, PinPanel } from '../../components/map/PinPanel.tsx';
import { RefusedPanel } from '../../components/RefusedPanel.tsx';
import { UndoBar } from '../../components/UndoBar.tsx';
import { useNarrow } from '../../components/use-narrow.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { deletePin, type PinRow } from '../../queries/map/pins.ts';
import { usePins } from '../../queries/map/use-pins.ts';
import { useHeldDeletes } from '../../queries/use-held-deletes.ts';
import { leave, navigate, pinAddress } from '../../router.ts';
import { useRefused } from '../../sync/use-refused.ts';
import { usePendingIds } from '../../sync/use-sync-status.ts';
import type { ModuleScreenProps } from '../module-screen.ts';
import { usePlacing } from './use-placing.ts';

/** Records that are not sent, and reasons by id of those that were not accepted. */
const useMarks = () => {
  const pending = usePendingIds('pins');
  const refused = useRefused('pins');
  const reasons = useMemo(
    () => new Map(refused.writes.map(({ id, message }) => [id, message])),
    [refused.writes],
  );
  return { pending, refused, reasons };
};

/** Where list and map have no room side by side: which of them is shown. */
const useOne = (query: URLSearchParams): 'list' | 'map' | undefined => {
  const stacked = useMediaQuery('(max-width: 61.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  if (!stacked) return undefined;
  return query.get('view') === 'map' ? 'map' : 'list';
};

const add = (): void => navigate(pinAddress('new'));
const close = (): void => leave(pinAddress());

const MapScreen = ({ open, query }: ModuleScreenProps) => {
  const { name } = useWorkspace();
  const narrow = useNarrow();
  const one = useOne(query);
  const deletes = useHeldDeletes<PinRow>(deletePin);
  const pins = usePins(query, deletes.hidden);
  const { pending, refused, reasons } = useMarks();
  const place = usePlacing(open, one !== undefined, close);
  const remove = (row: PinRow): void => {
    close();
    deletes.hold(row);
  };
  useHotkeys(open === undefined ? [['n', add]] : []);
  return (
    <div className="map-screen" data-one={one}>
      <MapSide {...{ pins, query, open, one, pending }} refused={reasons} onAdd={add}>
        <RefusedPanel refused={refused} titleField="title" />
        {deletes.problem !== undefined && <Alert color="red">{deletes.problem}</Alert>}
      </MapSide>
      {one !== 'list' && (
        <MapCanvas
          name={`holdfast.map ${name}`}
          rows={pins.shown}
          selected={open === undefined ? undefined : pins.find(open)}
          draft={place.draft}
          pending={pending}
          refused={reasons}
          placing={place.placing}
          coveredRightPx={open !== undefined && !narrow ? PANEL_PX : 0}
          onOpen={(row) => navigate(pinAddress(row.id))}
          onPlace={place.take}
          onPlacing={place.setPlacing}
        />
      )}
      <PinPanel
        {...{ open, pins }}
        aside={place.placing && narrow}
        placed={place.placed}
        onDraft={place.setDraft}
        onChoose={place.choose}
        onClose={close}
        onDelete={remove}
      />
      <UndoBar
        what={deletes.latest?.title}
        onUndo={() => deletes.latest && deletes.undo(deletes.latest.id)}
      />
    </div>
  );
};

export default MapScreen;
