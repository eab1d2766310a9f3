// A delete that the server knows is final for its id. Who writes the id again is told so at once,
// before a document is shown that the server would take away.

import type { Collection } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';
import { DELETED } from '../stamp/clock.ts';

type Stored = ReadonlyMap<string, WireDocument>;

/** Rejects where an id is used again. Checks of one turn are one read: a bulk insert has many. */
export function finalDeletes(
  collection: Collection,
  read: (ids: string[]) => Promise<readonly WireDocument[]>,
): (id: string) => Promise<void> {
  let ids: string[] = [];
  let turn: Promise<Stored> | undefined;
  const together = async (): Promise<Stored> => {
    await Promise.resolve();
    const asked = ids;
    ids = [];
    turn = undefined;
    const stored = await read(asked);
    return new Map(stored.map((document) => [String(document[collection.primaryKey]), document]));
  };
  return async (id) => {
    ids.push(id);
    const known = (await (turn ??= together())).get(id);
    if (known !== undefined && isFinal(known)) throw finalDelete(collection, id);
  };
}

/** What was never sent may come back. */
export const isFinal = ({ _deleted, clk, rev = 0 }: WireDocument): boolean =>
  _deleted === true && clk?.[DELETED] !== undefined && rev > 0;

export const finalDelete = ({ label }: Collection, id: string): Error =>
  new Error(
    `The ${label.one} "${id}" was deleted, and that is final. Add a new one with another id.`,
  );
