// The sheet of one item of the outbox: what it is and how it stands, and what can be done with it.

import { useEffect, useState } from 'react';
import type { Item, Items } from '../../queries/sync/items.ts';
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
import { EditRefused } from './EditRefused.tsx';
import { GoneItem } from './GoneItem.tsx';
import { RefusedItem } from './RefusedItem.tsx';
import { useOpenItem } from './use-open-item.ts';
import { SentItem, WaitingItem } from './WaitingItem.tsx';

interface ItemSheetProps {
  readonly items: Items;
  /** What the address has open: an item's key, an operation, or `collection/id`. */
  readonly open: string | undefined;
  readonly tab: SyncTab;
  readonly query: URLSearchParams;
  /** After a refused change was made anew. */
  readonly onRetried: (items: readonly Item[]) => void;
  /** @param file the copy that was saved before. */
  readonly onDiscarded: (file: string) => void;
}

export const ItemSheet = (props: ItemSheetProps) => {
  const { items, open, tab, query, onRetried, onDiscarded } = props;
  const { item, isGone } = useOpenItem(items, open, tab);
  /** The item that is tried again or let go of here: once it is gone, there is nothing to say of it. */
  const [own, mark] = useState<string>();
  const isDone = isGone && own === item?.key;
  const isOpen = open !== undefined;
  const list = syncAddress(tab);
  useEffect(() => {
    if (isDone && isOpen) navigate(list, 'replace');
  }, [isDone, isOpen, list]);
  const close = (): void => closeTo(list);
  const shown = isGone && !isDone ? undefined : item;
  const onDeed = (isRunning: boolean): void => mark(isRunning ? item?.key : undefined);
  return (
    <RecordSheet opened={isOpen && !isDone} title={item?.label ?? 'Change'} onClose={close}>
      {shown === undefined && <GoneItem item={item} onClose={close} />}
      {shown?.state === 'rejected' &&
        (isEditing(query) ? (
          <EditRefused
            key={shown.key}
            item={shown}
            onDeed={onDeed}
            onSaved={() => onRetried([shown])}
            onCancel={() => leave(withoutEdit())}
          />
        ) : (
          <RefusedItem
            key={shown.key}
            item={shown}
            onDeed={onDeed}
            onRetried={() => onRetried([shown])}
            onDiscarded={onDiscarded}
          />
        ))}
      {shown?.state === 'synced' && <SentItem key={shown.key} item={shown} />}
      {shown && shown.state !== 'rejected' && shown.state !== 'synced' && (
        <WaitingItem
          key={shown.key}
          item={shown}
          waiting={items.waiting}
          onDiscard={() => onDeed(true)}
          onDiscarded={onDiscarded}
        />
      )}
    </RecordSheet>
  );
};
