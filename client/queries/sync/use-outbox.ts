// What this device has written, folded into items. A decision about two versions is called after its
// record, which only the inbox knows.

import { useMemo } from 'react';
import type { OutboxRecord } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { INBOX } from '../../../schemas/index.ts';
import { decisionName } from '../inbox/decision.ts';
import { useEntriesById, useHere } from '../inbox/use-inbox.ts';
import { itemsOf, type Items } from './items.ts';
import { useRead, type Read } from './use-read.ts';

/** A decision that is tried again is a group of its own, of the same name. */
const renamed = (record: OutboxRecord, label: string): OutboxRecord => ({
  ...record,
  label,
  ...(record.group?.label === record.label && { group: { ...record.group, label } }),
});

export const useOutbox = (): Read<Items> => {
  const read = useRead(useWorkspace().sync.outbox$);
  const entries = useEntriesById();
  const here = useHere();
  return useMemo(() => {
    if (read.state !== 'ready') return read;
    const { records, counts } = read.value;
    const named = records.map((record) =>
      record.collection === INBOX
        ? renamed(record, decisionName(entries.get(record.id), here))
        : record,
    );
    return { state: 'ready', value: itemsOf({ records: named, counts }) };
  }, [read, entries, here]);
};
