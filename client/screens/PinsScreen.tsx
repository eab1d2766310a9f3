// The field map's pins as a list: find, add, change, delete, with or without a network.

import { Alert, Container, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { PinList } from '../components/PinList.tsx';
import { PinPanel } from '../components/PinPanel.tsx';
import { PinsBar } from '../components/PinsBar.tsx';
import { PinsInstead } from '../components/PinsInstead.tsx';
import { RefusedPanel } from '../components/RefusedPanel.tsx';
import { UndoBar } from '../components/UndoBar.tsx';
import type { PinRow } from '../queries/pins.ts';
import { useHeldDeletes } from '../queries/use-held-deletes.ts';
import { usePins } from '../queries/use-pins.ts';
import { useSearch } from '../queries/use-search.ts';
import { leave, navigate, pinAddress } from '../router.ts';
import { useRefused } from '../sync/use-refused.ts';
import { usePendingIds } from '../sync/use-sync-status.ts';

interface PinsScreenProps {
  /** The open pin's id, or `new`. */
  readonly open: string | undefined;
  /** What the address searches for. */
  readonly search: string;
}

export const PinsScreen = ({ open, search: inAddress }: PinsScreenProps) => {
  const [search, setSearch] = useSearch(inAddress);
  const deletes = useHeldDeletes();
  const pins = usePins(search, deletes.hidden);
  const pending = usePendingIds('pins');
  const refused = useRefused('pins');
  const reasons = useMemo(
    () => new Map(refused.writes.map(({ id, message }) => [id, message])),
    [refused.writes],
  );
  const searchBox = useRef<HTMLInputElement>(null);
  const add = (): void => navigate(pinAddress('new'));
  const close = (): void => leave(pinAddress());
  const remove = (row: PinRow): void => {
    close();
    deletes.hold(row);
  };
  const keys: Parameters<typeof useHotkeys>[0] = [
    ['/', () => searchBox.current?.focus()],
    ['n', add],
  ];
  useHotkeys(open === undefined ? keys : []);
  return (
    <Container size={1200} h="calc(100dvh - var(--app-shell-header-height))" pt="md" px="md">
      <Stack h="100%" gap="sm">
        <PinsBar
          pins={pins}
          search={search}
          searchBox={searchBox}
          onSearch={setSearch}
          onAdd={add}
        />
        <RefusedPanel refused={refused} titleField="title" />
        {deletes.problem !== undefined && <Alert color="red">{deletes.problem}</Alert>}
        {pins.shown.length > 0 ? (
          <PinList rows={pins.shown} search={pins.search} pending={pending} refused={reasons} />
        ) : (
          <PinsInstead pins={pins} onAdd={add} onClear={() => setSearch('')} />
        )}
      </Stack>
      <PinPanel open={open} pins={pins} onClose={close} onDelete={remove} />
      <UndoBar
        what={deletes.latest?.title}
        onUndo={() => deletes.latest && deletes.undo(deletes.latest.id)}
      />
    </Container>
  );
};
