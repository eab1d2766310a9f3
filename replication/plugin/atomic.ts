// Writes that belong together. Their record is durable before any document is written; from then on
// all of it is done, by this tab, or after a crash by the next that leads.

import type { Collection } from '../../schemas/index.ts';
import { applied, includes, type Group, type Member } from '../outbox/group.ts';
import { keyOf } from '../outbox/key.ts';
import type { Ledger, RefusedWrite } from '../outbox/ledger.ts';
import { MAX_BODY_BYTES, type WireDocument } from '../protocol/index.ts';
import { sizeOf } from '../push/row.ts';
import { finalDelete, isFinal } from './final-deletes.ts';
import type { Platform } from './platform.ts';
import { filled, readRaw, writeRaw, type LocalCollection } from './raw.ts';
import { stampInsert, stampRemove, stampSave, type Draft, type Stamper } from './stamping.ts';

/** One write of a group. Fields are the document's own; the envelope is added. */
export type GroupWrite =
  | { readonly collection: string; readonly insert: Readonly<Record<string, unknown>> }
  | {
      readonly collection: string;
      readonly id: string;
      /** `undefined` takes a field away. */
      readonly update: Readonly<Record<string, unknown>>;
    }
  | { readonly collection: string; readonly id: string; readonly remove: true };

export const MAX_MEMBERS = 400;
/** Each member may go with what it had unsent before, and with the values that it replaces. */
const MAX_BYTES = MAX_BODY_BYTES / 4;

export interface AtomicOptions {
  readonly platform: Pick<Platform, 'randomHex'>;
  readonly ledger: Pick<Ledger, 'putGroup' | 'takeBackGroup' | 'hasGroup'>;
  readonly collections: readonly Collection[];
  readonly locals: ReadonlyMap<string, LocalCollection>;
  readonly stamper: Stamper;
  readonly serverNowMs: () => number;
}

/**
 * Makes all writes or none, here and on the server. Resolves with the group's id when it is kept and
 * its documents are written; where the storage fails in the middle of that, they follow.
 *
 * @param instead refused versions, which are forgotten for it in the same step.
 * @throws {Error} with a sentence where a write can't be made, what the storage throws where it
 *   fails; nothing is written then, here or on the server.
 */
export async function atomic(
  options: AtomicOptions,
  label: string,
  writes: readonly GroupWrite[],
  instead: readonly RefusedWrite[] = [],
): Promise<string> {
  const members = await membersOf(options, writes);
  const { platform, ledger, serverNowMs } = options;
  const group = { id: platform.randomHex(32), label, createdAtMs: serverNowMs(), members };
  const isFirst = await ledger.putGroup(
    group,
    instead.map(({ op }) => op),
  );
  if (!isFirst) throw new Error(TAKEN);
  try {
    await write(options, group);
  } catch (error) {
    // Where nothing of it is here and no request has carried it, it was never made.
    const begun = (): Promise<boolean> => isBegun(options, group).catch(() => true);
    if ((await begun()) || !(await ledger.takeBackGroup(group.id, instead))) return group.id;
    // The tab that leads may have taken it for a dead tab's, and have begun to write it.
    if (!(await begun())) throw error;
    await ledger.putGroup(
      group,
      instead.map(({ op }) => op),
    );
  }
  return group.id;
}

async function isBegun(place: Place, { members }: Group): Promise<boolean> {
  const found = await Promise.all(
    members.map(async ({ collection, id, doc }) => {
      const stored = await readRaw(placeOf(place, collection).local, [id]);
      return includes(stored.get(id)?.plain, doc);
    }),
  );
  return found.includes(true);
}

const TAKEN = 'This was tried again or discarded meanwhile, in another tab.';

type Place = Pick<AtomicOptions, 'collections' | 'locals'>;
type Desk = Place & { readonly ledger: Pick<Ledger, 'hasGroup'> };

/** Writes what of groups is not in their documents. */
export async function completeGroups(place: Desk, groups: readonly Group[]): Promise<void> {
  for (const group of groups) await write(place, group);
}

async function membersOf(
  options: AtomicOptions,
  writes: readonly GroupWrite[],
): Promise<readonly Member[]> {
  if (writes.length === 0) throw new Error('There is nothing to write.');
  if (writes.length > MAX_MEMBERS)
    throw new Error(`${writes.length} changes are more than the ${MAX_MEMBERS} that go together.`);
  const asked = writes.map((one) => {
    const { collection, local } = placeOf(options, one.collection);
    const id = 'insert' in one ? one.insert[collection.primaryKey] : one.id;
    if (typeof id !== 'string' || id === '')
      throw new Error(`A ${collection.label.one} has no id.`);
    return { one, collection, local, id };
  });
  if (new Set(asked.map(({ collection, id }) => keyOf(collection.name, id))).size < asked.length)
    throw new Error('A group changes each record only once.');
  const members: Member[] = [];
  for (const { one, collection, local, id } of asked) {
    const before = (await readRaw(local, [id])).get(id)?.plain;
    const doc = drafted(one, { ...options, collection, local, id }, before);
    if (doc !== undefined)
      members.push({ collection: collection.name, id, doc, ...(before && { before }) });
  }
  if (members.length === 0) throw new Error('None of these writes changes anything.');
  if (sizeOf(JSON.stringify(members)) > MAX_BYTES)
    throw new Error('This is more than what can be sent at once.');
  return members;
}

interface Target {
  readonly collection: Collection;
  readonly local: LocalCollection;
  readonly stamper: Stamper;
  readonly id: string;
}

/** The document as the write makes it, stamped; nothing where it changes nothing. */
function drafted(
  one: GroupWrite,
  { collection, local, stamper, id }: Target,
  before: WireDocument | undefined,
): WireDocument | undefined {
  if ('insert' in one) {
    if (before !== undefined && isFinal(before)) throw finalDelete(collection, id);
    if (before !== undefined && before._deleted !== true)
      throw new Error(`There is a ${collection.label.one} "${id}" already.`);
    const draft: Draft = filled(local, one.insert);
    stampInsert(collection, draft, stamper);
    return draft;
  }
  if (before === undefined || before._deleted === true)
    throw new Error(`There is no ${collection.label.one} "${id}".`);
  if ('remove' in one) {
    const draft: Draft = { ...before, _deleted: true };
    stampRemove(collection, draft, stamper);
    return draft;
  }
  const draft: Draft = { ...before, ...one.update };
  for (const [field, value] of Object.entries(draft)) if (value === undefined) delete draft[field];
  stampSave(collection, draft, before, stamper);
  return draft['clk'] === before.clk ? undefined : draft;
}

/** Again where somebody else has written a document meanwhile. */
async function write(place: Desk, group: Group): Promise<void> {
  for (const name of new Set(group.members.map(({ collection }) => collection))) {
    if (!place.locals.has(name)) continue;
    const { collection, local } = placeOf(place, name);
    let left = group.members.filter((member) => member.collection === name);
    while (left.length > 0) {
      const stored = await readRaw(
        local,
        left.map(({ id }) => id),
      );
      const rows = left.flatMap((member) => {
        const raw = stored.get(member.id);
        const document = applied(collection, member, raw?.plain);
        return document === undefined ? [] : [{ id: member.id, document, raw }];
      });
      // This tab may have been frozen: another one has completed the group then, and it may have been
      // judged or let go since. What was read before that is no longer what is stored.
      if (rows.length > 0 && !(await place.ledger.hasGroup(group.id))) return;
      const overtaken = await writeRaw(local, rows, 'together');
      left = left.filter(({ id }) => overtaken.has(id));
    }
  }
}

function placeOf(
  { collections, locals }: Place,
  name: string,
): { readonly collection: Collection; readonly local: LocalCollection } {
  const collection = collections.find((one) => one.name === name);
  const local = locals.get(name);
  if (collection === undefined || local === undefined) throw new Error(`"${name}" is not open.`);
  return { collection, local };
}
