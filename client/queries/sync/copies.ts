// Copies of what waits or was refused, for people: as text to paste, and as a file that is saved
// before it is discarded.

import type { OutboxContent } from '../../../replication/index.ts';
import { entriesOf } from '../../../replication/index.ts';
import { withoutEnvelope } from '../../../schemas/index.ts';
import { inOrder, labelOf, nameOf, type Here } from '../inbox/faces.ts';
import { collectionOf } from '../inbox/settle.ts';
import type { WordsOf, Written } from './use-words.ts';

/** Each record under its name, a line for each field. */
export const readableText = (
  head: string,
  writes: readonly Written[],
  words: WordsOf,
  here: Here,
): string => {
  const records = writes.map((write) => {
    const { collection, doc } = write;
    const known = collectionOf(collection);
    const fields = known
      ? [...entriesOf(known, doc)].filter((entry) =>
          known.ownFields.includes(entry.split('/')[0] ?? ''),
        )
      : Object.keys(withoutEnvelope(doc));
    const lines = inOrder(collection, fields).map(
      (field) => `${labelOf(collection, field)}: ${words(write, field)}`,
    );
    return [nameOf(collection, doc, here), ...lines].join('\n');
  });
  return `${[head, ...records].join('\n\n')}\n`;
};

/** Own fields only: what a person wrote, without the marks of syncing. */
export const jsonCopy = (
  head: string,
  contents: readonly OutboxContent[],
  savedAtMs: number,
): string => {
  const records = contents.map(({ collection, id, document }) => ({
    collection,
    id,
    deleted: document['_deleted'] === true,
    fields: Object.fromEntries(
      Object.entries(withoutEnvelope(document)).filter(([field]) => !field.startsWith('_')),
    ),
  }));
  return `${JSON.stringify({ what: head, savedAt: new Date(savedAtMs).toISOString(), records }, null, 2)}\n`;
};

/** `holdfast-new-pin-north-gate-2026-11-28.json`: safe on every system. */
export const copyName = (head: string, savedAtMs: number): string => {
  const words = head
    .normalize('NFD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .toLowerCase()
    .slice(0, 40);
  return `holdfast-${words || 'copy'}-${new Date(savedAtMs).toISOString().slice(0, 10)}.json`;
};
