// What the Sync centre says of what a person has just done there.

import { recordKey, type Item, type Items } from './items.ts';

export type Deed =
  | {
      readonly kind: 'retried';
      readonly items: readonly Item[];
      /** All operations that were refused then; those that come after it are refused anew. */
      readonly refused: ReadonlySet<string>;
    }
  | { readonly kind: 'discarded'; readonly file: string };

export const retriedOf = (items: readonly Item[], { refused }: Items): Deed => ({
  kind: 'retried',
  items,
  refused: new Set(refused.flatMap(({ members }) => members.map(({ op }) => op))),
});

interface DeedWords {
  readonly words: string;
  /** Whether something of it waits. */
  readonly waits: boolean;
}

export const deedWords = (deed: Deed, { refused }: Items): DeedWords => {
  if (deed.kind === 'discarded') return { words: `Discarded. Saved as ${deed.file}`, waits: false };
  const anew = refused
    .flatMap(({ members }) => members)
    .filter(({ op }) => !deed.refused.has(op))
    .map(recordKey);
  const back = deed.items.filter(({ members }) =>
    members.some((one) => anew.includes(recordKey(one))),
  );
  if (back.length === deed.items.length)
    return { words: 'Again not accepted. The reason stands with it.', waits: false };
  if (back.length > 0) return { words: 'Some were again not accepted.', waits: true };
  return deed.items.length === 1
    ? { words: 'It waits to be sent again.', waits: true }
    : { words: 'They wait to be sent again.', waits: true };
};
