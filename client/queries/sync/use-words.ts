// The fields of refused and waiting versions in words; a record to which one refers by its name.

import { nameOf, titleOf, wordsOf } from '../inbox/faces.ts';
import { collectionOf } from '../inbox/settle.ts';
import { useHere } from '../inbox/use-inbox.ts';
import type { WrittenVersion } from './edit-form.ts';
import { recordKey } from './items.ts';
import { useRecordNames } from './use-record-names.ts';
import { useRefusedNew } from './use-refusal.ts';

export type Written = Pick<WrittenVersion, 'collection' | 'doc'>;
/** A field of a version in words; empty where there is nothing in it. */
export type WordsOf = (written: Written, entry: string) => string;

/** What these versions refer to, by the target's collection. */
const referencesOf = ({ collection, doc }: Written) =>
  Object.entries(collectionOf(collection)?.references ?? {}).flatMap(([field, target]) => {
    const id = doc[field];
    return typeof id === 'string' ? [{ collection: target, id }] : [];
  });

export const useWords = (writes: readonly Written[]): WordsOf => {
  const here = useHere();
  const named = useRecordNames(writes.flatMap(referencesOf));
  const refused = useRefusedNew();
  return ({ collection, doc }, entry) => {
    const target = collectionOf(collection)?.references[entry];
    if (target === undefined) return wordsOf(collection, entry, doc, here);
    const record = named.find((one) => one.collection === target && one.id === doc[entry]);
    if (record === undefined) return '';
    if (!record.gone) return record.title || record.name;
    const write = refused.get(recordKey(record));
    if (write === undefined) return 'Not on this device any more';
    const name = titleOf(target, write.doc, here) || nameOf(target, write.doc, here);
    return `${name} (not accepted either)`;
  };
};

export interface RefusedParent {
  readonly collection: string;
  readonly id: string;
  /** `Pin, North gate` */
  readonly name: string;
}

/** New records to which these versions refer, and which the server did not accept either. */
export const useRefusedParents = (writes: readonly Written[]): readonly RefusedParent[] => {
  const here = useHere();
  const refused = useRefusedNew();
  const keys = new Set(writes.flatMap(referencesOf).map(recordKey));
  return [...keys].flatMap((key) => {
    const write = refused.get(key);
    if (write === undefined || writes.includes(write)) return [];
    const { collection, id, doc } = write;
    return [{ collection, id, name: nameOf(collection, doc, here) }];
  });
};
