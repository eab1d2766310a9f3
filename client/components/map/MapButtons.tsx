// What stands on the map: add here, zoom, show all, and what to do while a place is asked for.

import { ActionIcon, Button, Paper, Stack, Text, Tooltip } from '@mantine/core';
import type { PinRow } from '../../queries/map/pins.ts';
import { useMayWrite } from '../../queries/use-may-write.ts';
import { Icon, type IconName } from '../Icon.tsx';
import type { MapView } from './map-view.ts';

interface MapButtonsProps {
  readonly map: MapView | undefined;
  readonly rows: readonly PinRow[];
  readonly placing: boolean;
  readonly onPlacing: (placing: boolean) => void;
}

interface RoundProps {
  readonly icon: IconName;
  readonly name: string;
  readonly onClick: () => void;
}

const Round = ({ icon, name, onClick }: RoundProps) => (
  <Tooltip label={name} position="left">
    <ActionIcon size={44} variant="default" aria-label={name} onClick={onClick}>
      <Icon name={icon} size={20} />
    </ActionIcon>
  </Tooltip>
);

export const MapButtons = ({ map, rows, placing, onPlacing }: MapButtonsProps) => {
  const mayAdd = useMayWrite('pins');
  const zoom = (factor: number) => () => map?.zoom(map.middle, factor, true);
  return (
    <>
      <Stack gap={6} className="map-buttons">
        <Round icon="plus" name="Zoom in" onClick={zoom(2)} />
        <Round icon="minus" name="Zoom out" onClick={zoom(0.5)} />
        <Round icon="frame" name="Show all pins" onClick={() => map?.fitTo(rows)} />
      </Stack>
      {placing ? (
        <Paper withBorder shadow="sm" className="map-banner" role="status">
          <Text size="sm" fw={500}>
            Tap where the pin belongs
          </Text>
          <Button variant="default" size="xs" onClick={() => onPlacing(false)}>
            Cancel
          </Button>
        </Paper>
      ) : (
        mayAdd && (
          <Button
            className="map-add"
            variant="default"
            leftSection={<Icon name="pin" />}
            onClick={() => onPlacing(true)}
          >
            Add here
          </Button>
        )
      )}
    </>
  );
};
