// What a person types to try a refused write, or all of its group, again.

import { useMemo } from 'react';
import type { RefusedWrite } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useZone } from '../care/use-zone.ts';
import { INBOX } from '../../../schemas/index.ts';
import { collectionOf } from '../inbox/settle.ts';
import { useDraft, type Draft } from '../use-draft.ts';
import {
  checkEdits,
  editFieldsOf,
  editsOf,
  formOf,
  type EditField,
  type Form,
  type WrittenVersion,
} from './edit-form.ts';
import type { Item } from './items.ts';

/** The fields of all of an item's versions. */
export const fieldsOf = (writes: readonly WrittenVersion[]): readonly EditField[] =>
  writes.flatMap((write) => {
    const collection = collectionOf(write.collection);
    // A decision about two versions has no fields of its own; it is made again in the inbox.
    return collection && collection.name !== INBOX ? editFieldsOf(collection, write) : [];
  });

/** Where what is typed into an item's form is kept. */
export const retryKey = (database: string, { key }: Pick<Item, 'key'>): string =>
  `${database}retry ${key}`;

/** @param onDeed hears when it begins to be tried again, and when that failed. */
export const useRetryDraft = (
  item: Item,
  writes: readonly RefusedWrite[],
  onDeed: (isRunning: boolean) => void,
): { readonly fields: readonly EditField[]; readonly draft: Draft<Form> } => {
  const { name, sync } = useWorkspace();
  const zone = useZone();
  const fields = useMemo(() => fieldsOf(writes), [writes]);
  const draft = useDraft<Form>({
    key: retryKey(name, item),
    stored: formOf(fields, zone),
    check: (form) => checkEdits(fields, form, zone),
    write: async (form) => {
      onDeed(true);
      try {
        await sync.retry(item.first.op, editsOf(fields, form, zone));
      } catch (cause) {
        onDeed(false);
        throw cause;
      }
      return item.key;
    },
  });
  return { fields, draft };
};
