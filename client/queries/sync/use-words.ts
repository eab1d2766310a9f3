// The fields of refused versions in words; a record to which one refers by its name.

import type { RefusedWrite } from '../../../replication/index.ts';
import { wordsOf } from '../inbox/faces.ts';
import { collectionOf } from '../inbox/settle.ts';
import { useHere } from '../inbox/use-inbox.ts';
import { useRecordNames } from './use-record-names.ts';

export type Written = Pick<RefusedWrite, 'collection' | 'doc'>;
/** A field of a version in words; empty where there is nothing in it. */
export type WordsOf = (written: Written, entry: string) => string;

export const useWords = (writes: readonly Written[]): WordsOf => {
  const here = useHere();
  const named = useRecordNames(
    writes.flatMap(({ collection, doc }) =>
      Object.entries(collectionOf(collection)?.references ?? {}).flatMap(([field, target]) => {
        const id = doc[field];
        return typeof id === 'string' ? [{ collection: target, id }] : [];
      }),
    ),
  );
  return ({ collection, doc }, entry) => {
    const target = collectionOf(collection)?.references[entry];
    if (target === undefined) return wordsOf(collection, entry, doc, here);
    const record = named.find((one) => one.collection === target && one.id === doc[entry]);
    if (record === undefined) return '';
    return record.gone ? 'Not on this device any more' : record.title || record.name;
  };
};
