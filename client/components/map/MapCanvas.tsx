// The map on the page: what is drawn, its buttons, and its words for those who cannot see it.

import { Box, useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { useEffect, useEffectEvent, useId, useMemo } from 'react';
import { project, unproject, type Place, type ScreenPoint } from '../../queries/map/mercator.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import { MAP_COLOURS } from './map-colours.ts';
import { MapButtons } from './MapButtons.tsx';
import type { MapView } from './map-view.ts';
import { useMapView } from './use-map-view.ts';

interface MapCanvasProps {
  /** Where the position is kept. */
  readonly name: string;
  readonly rows: readonly PinRow[];
  readonly selected: PinRow | undefined;
  readonly draft: Place | undefined;
  readonly marks: RecordMarks;
  /** The next tap says where a pin belongs. */
  readonly placing: boolean;
  /** How much of the map the open panel covers. */
  readonly coveredRightPx: number;
  readonly onOpen: (row: PinRow) => void;
  readonly onPlace: (place: Place) => void;
  readonly onPlacing: (placing: boolean) => void;
}

const CLOSE_BY = 1e-9;

/** A cluster that no zoom takes apart: its pins are opened one after the other. */
const isOnePlace = (rows: readonly PinRow[]): boolean =>
  rows.every(
    ({ at }) => Math.hypot(at.x - (rows[0]?.at.x ?? 0), at.y - (rows[0]?.at.y ?? 0)) < CLOSE_BY,
  );

export const MapCanvas = (props: MapCanvasProps) => {
  const { name, rows, selected, draft, marks, placing } = props;
  const colours = MAP_COLOURS[useComputedColorScheme()];
  const content = useMemo(
    () => ({ rows, selected, draft: draft && project(draft), marks, colours }),
    [rows, selected, draft, marks, colours],
  );
  const place = (map: MapView, at: ScreenPoint): void => {
    const point = map.placeAt(at);
    if (point) props.onPlace(unproject(point));
  };
  const tap = (map: MapView, at: ScreenPoint): void => {
    if (placing) return place(map, at);
    const found = map.pinsAt(at);
    if (found.length === 0) return undefined;
    if (!isOnePlace(found)) return map.fitTo(found, true);
    const next = found[(found.findIndex(({ id }) => id === selected?.id) + 1) % found.length];
    return next && props.onOpen(next);
  };
  const { frame, land, pins, map } = useMapView(name, content, (map) => ({
    onTap: (at) => tap(map, at),
    onHold: (at) => {
      if (map.pinsAt(at).length === 0) place(map, at);
    },
  }));
  const target = selected?.at ?? content.draft;
  const reveal = useEffectEvent(() => target && map?.reveal(target, props.coveredRightPx));
  useEffect(() => reveal(), [map, selected?.id]);
  const words = useId();
  return (
    <Box className="map-frame" __vars={{ '--covered': `${props.coveredRightPx}px` }}>
      <div
        ref={frame}
        className="map-canvas"
        role="application"
        aria-label="Map of the pins"
        aria-describedby={words}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys move and zoom it
        tabIndex={0}
        data-placing={placing || undefined}
        style={{ background: colours.sea }}
      >
        <canvas ref={land} />
        <canvas ref={pins} />
        {placing && <div className="map-cross" aria-hidden />}
      </div>
      <VisuallyHidden id={words}>
        Arrow keys move the map, plus and minus zoom, Enter opens the pin in the middle or, while
        adding, puts the new pin there. The list has the same pins.
      </VisuallyHidden>
      <MapButtons map={map} rows={rows} placing={placing} onPlacing={props.onPlacing} />
    </Box>
  );
};
