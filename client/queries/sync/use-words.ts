// The fields of refused versions in words; a record to which one refers by its name.

import { useMemo } from 'react';
import type { RefusedWrite } from '../../../replication/index.ts';
import { wordsOf } from '../inbox/faces.ts';
import { collectionOf } from '../inbox/settle.ts';
import { useHere } from '../inbox/use-inbox.ts';
import { useRecordNames } from './use-record-names.ts';

/** @param writes the same list at every call, until others are meant. */
export const useWords = (
  writes: readonly RefusedWrite[],
): ((write: RefusedWrite, entry: string) => string) => {
  const here = useHere();
  const records = useMemo(
    () =>
      writes.flatMap(({ collection, doc }) =>
        Object.entries(collectionOf(collection)?.references ?? {}).flatMap(([field, target]) => {
          const id = doc[field];
          return typeof id === 'string' ? [{ collection: target, id }] : [];
        }),
      ),
    [writes],
  );
  const named = useRecordNames(records);
  return ({ collection, doc }, entry) => {
    const target = collectionOf(collection)?.references[entry];
    if (target === undefined) return wordsOf(collection, entry, doc, here);
    const record = named.find((one) => one.collection === target && one.id === doc[entry]);
    if (record === undefined) return '';
    return record.gone ? 'Not on this device any more' : record.name;
  };
};
