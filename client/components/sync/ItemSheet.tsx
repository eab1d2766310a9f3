// The sheet of one item of the outbox: what it is and how it stands, and what can be done with it.

import { Alert, Button, Text } from '@mantine/core';
import { findItem, type Item, type Items } from '../../queries/sync/items.ts';
import {
  closeTo,
  isEditing,
  leave,
  navigate,
  syncAddress,
  withoutEdit,
  type SyncTab,
} from '../../router.ts';
import { RecordSheet } from '../RecordSheet.tsx';
import { useShown } from '../use-shown.ts';
import { EditRefused } from './EditRefused.tsx';
import { RefusedItem } from './RefusedItem.tsx';
import { SentItem, WaitingItem } from './WaitingItem.tsx';

interface ItemSheetProps {
  readonly items: Items;
  /** What the address has open: an item's key, an operation, or `collection/id`. */
  readonly open: string | undefined;
  readonly tab: SyncTab;
  readonly query: URLSearchParams;
  /** After a refused change was made anew. */
  readonly onRetried: () => void;
}

/** On the list of what was refused a refused version comes first, else what waits. */
const find = (items: Items, name: string, tab: SyncTab): Item | undefined => {
  const { refused, waiting, finished } = items;
  const all = tab === 'needs-you' ? [refused, waiting] : [waiting, refused];
  return findItem([...all.flat(), ...finished], name);
};

export const ItemSheet = ({ items, open, tab, query, onRetried }: ItemSheetProps) => {
  const shown = useShown(open);
  const item = shown === undefined ? undefined : find(items, shown, tab);
  const close = (): void => closeTo(syncAddress(tab));
  const done = (): void => navigate(syncAddress(tab), 'replace');
  const retried = (): void => {
    onRetried();
    done();
  };
  return (
    <RecordSheet opened={open !== undefined} title={item?.label ?? 'Change'} onClose={close}>
      {item === undefined && <Gone onClose={close} />}
      {item?.state === 'rejected' &&
        (isEditing(query) ? (
          <EditRefused
            key={item.key}
            item={item}
            onSaved={retried}
            onCancel={() => leave(withoutEdit())}
          />
        ) : (
          <RefusedItem key={item.key} item={item} onRetried={retried} onDiscarded={done} />
        ))}
      {item?.state === 'synced' && <SentItem key={item.key} item={item} />}
      {item && item.state !== 'rejected' && item.state !== 'synced' && (
        <WaitingItem key={item.key} item={item} waiting={items.waiting} onDiscarded={done} />
      )}
    </RecordSheet>
  );
};

const Gone = ({ onClose }: { readonly onClose: () => void }) => (
  <Alert color="gray" title="This waits no longer">
    <Text size="sm" mb="sm">
      It was sent, tried again or discarded. What this device has done stands under Activity.
    </Text>
    <Button variant="default" onClick={onClose}>
      Close
    </Button>
  </Alert>
);
