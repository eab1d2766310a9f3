// What a person does with what waits or was refused: look at it, try it again, let go of it.

import { firstValueFrom, type Observable } from 'rxjs';
import { isReserved, type Collection } from '../../schemas/index.ts';
import type { Journal } from '../activity/journal.ts';
import { keyOf } from '../outbox/key.ts';
import { changesOf } from '../outbox/label.ts';
import type { Ledger, RefusedWrite } from '../outbox/ledger.ts';
import type { Outbox, OutboxContent } from '../outbox/record.ts';
import { refusedRecord } from '../outbox/refused-record.ts';
import type { WireDocument } from '../protocol/index.ts';
import { CREATED, isWithdrawn, setValueAt, valueAt } from '../stamp/clock.ts';
import type { GroupWrite } from './atomic.ts';
import { OutdatedError } from './data-version.ts';
import { readRaw, type LocalCollection } from './raw.ts';
import type { Board } from './status.ts';
import type { Sync } from './types.ts';

export interface OutboxApiOptions {
  readonly ledger: Ledger;
  readonly board: Board;
  readonly journal: Journal;
  readonly collections: readonly Collection[];
  readonly locals: ReadonlyMap<string, LocalCollection>;
  /** @param instead refused versions that these writes are made of. */
  readonly again: (
    label: string,
    writes: readonly GroupWrite[],
    instead: readonly RefusedWrite[],
  ) => Promise<unknown>;
  readonly syncNow: () => void;
  /** The leader lets waiting operations go. */
  readonly discardWaiting: (ops: readonly string[]) => Promise<void>;
}

/** A refused write and those that were refused with it. */
async function refusedWith(
  ledger: Ledger,
  ops: readonly string[],
): Promise<readonly RefusedWrite[]> {
  const refused = await firstValueFrom(ledger.refused$);
  const asked = refused.filter(({ op }) => ops.includes(op));
  const groups = new Set(asked.flatMap(({ group }) => group?.id ?? []));
  return refused.filter(
    (write) => asked.includes(write) || (write.group !== undefined && groups.has(write.group.id)),
  );
}

export async function contentsOf(
  { ledger, locals }: OutboxApiOptions,
  outbox$: Observable<Outbox>,
  op: string,
): Promise<readonly OutboxContent[]> {
  const refused = await refusedWith(ledger, [op]);
  if (refused.length > 0)
    return refused.map(({ collection, id, doc }) => ({ collection, id, document: doc }));
  const { records } = await firstValueFrom(outbox$);
  const asked = records.find((record) => record.op === op);
  if (asked === undefined) return [];
  const { group } = asked;
  const open = group === undefined ? [] : await ledger.groups();
  const members = open.find(({ id }) => id === group?.id)?.members ?? [asked];
  const contents = await Promise.all(
    members.map(async ({ collection, id }) => {
      const local = locals.get(collection);
      const raw = local === undefined ? undefined : (await readRaw(local, [id])).get(id);
      return raw === undefined ? [] : [{ collection, id, document: raw.plain }];
    }),
  );
  return contents.flat();
}

export async function retry(
  options: OutboxApiOptions,
  op: string,
  edits: Parameters<Sync['retry']>[1] = {},
): Promise<void> {
  const { ledger, journal, again, syncNow } = options;
  const refused = await refusedWith(ledger, [op]);
  const [first] = refused;
  if (first === undefined) {
    syncNow();
    return;
  }
  for (const write of refused) if (await isGoingBack(options, write)) throw new Error(GOING_BACK);
  const writes = await Promise.all(
    refused.map((write) => writeOf(options, write, edits[keyOf(write.collection, write.id)] ?? {})),
  );
  const label = labelAfter(options, first, edits[keyOf(first.collection, first.id)] ?? {});
  await again(label, writes, refused);
  journal.note({
    kind: 'info',
    code: 'retried',
    message: `Tried again: ${label}`,
    records: refused,
  });
}

/** What was tried again alone is called after what it has become. */
function labelAfter(
  { collections }: Pick<OutboxApiOptions, 'collections'>,
  write: RefusedWrite,
  edits: Readonly<Record<string, unknown>>,
): string {
  const { label } = refusedRecord(collections, write);
  if (write.group !== undefined && write.group.label !== label) return write.group.label;
  return refusedRecord(collections, { ...write, doc: { ...write.doc, ...edits } }).label;
}

const GOING_BACK = 'This is just going back to what the server has. Try again in a moment.';

/** Whether its document still has what was refused: RxDB may be slow to write the answer. */
async function isGoingBack(
  { locals }: OutboxApiOptions,
  { collection, id, doc, changed = [CREATED] }: RefusedWrite,
): Promise<boolean> {
  const local = locals.get(collection);
  const stored = local === undefined ? undefined : (await readRaw(local, [id])).get(id)?.plain;
  if (stored === undefined || isWithdrawn(stored)) return false;
  // What the server gave under this id is there to stay.
  if (changed.includes(CREATED) && (stored.rev ?? 0) > 0) return false;
  return changed.some((entry) => stored.clk?.[entry] === doc.clk?.[entry]);
}

/** A refused version as a new write to the document as it is now. */
async function writeOf(
  { collections, locals }: OutboxApiOptions,
  { collection: name, id, doc, changed }: RefusedWrite,
  edits: Readonly<Record<string, unknown>>,
): Promise<GroupWrite> {
  const collection = collections.find((one) => one.name === name);
  const local = locals.get(name);
  if (collection === undefined || local === undefined) throw new Error(`"${name}" is not open.`);
  if (doc._deleted === true) return { collection: name, id, remove: true };
  const edited = Object.entries(edits);
  if (changed === undefined) {
    const insert = ownFields(collection, doc);
    for (const [entry, value] of edited) setValueAt(collection, insert, entry, value);
    return { collection: name, insert };
  }
  const stored = (await readRaw(local, [id])).get(id)?.plain;
  const update: Record<string, unknown> = {};
  const written = changed.map((entry) => [entry, valueAt(collection, doc, entry)] as const);
  for (const [entry, value] of [...written, ...edited]) {
    const [field = entry, key] = entry.split('/');
    // Nothing takes a field away, and has to be said of it.
    if (key === undefined) update[field] = value;
    else {
      update[field] ??= stored?.[field];
      setValueAt(collection, update, entry, value);
    }
  }
  return { collection: name, id, update };
}

const ownFields = (collection: Collection, doc: WireDocument): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(doc).filter(
      ([field]) =>
        !isReserved(field) && !field.startsWith('_') && !collection.derived.includes(field),
    ),
  );

export async function discard(
  options: OutboxApiOptions,
  outbox$: Observable<Outbox>,
  ops: readonly string[],
): Promise<void> {
  const { ledger, journal, discardWaiting, board } = options;
  if (board.status.outdated) throw new OutdatedError();
  const refused = await refusedWith(ledger, ops);
  const { records } = await firstValueFrom(outbox$);
  const gone = records.filter(({ op }) => ops.includes(op));
  const known = new Set(refused.map(({ op }) => op));
  const waiting = ops.filter((op) => !known.has(op));
  if (waiting.length > 0) await discardWaiting(waiting);
  await ledger.forgetRefused([...known]);
  const count = known.size + waiting.length;
  journal.note({
    kind: 'info',
    code: 'discarded',
    message: `Discarded: ${count === 1 && gone[0] ? gone[0].label : changesOf(count)}`,
    records: gone,
  });
}
