// The memory store as a dump, and a dump as a memory store.

import { seq as asSeq, type WorkspaceId } from '../../../replication/core.ts';
import { byCodePoint, canonicalKeys } from '../port/commit-rules.ts';
import { StoreNotEmptyError, type Part } from '../port/dump.ts';
import { keyOf, type RecordWrite } from '../port/port.ts';
import type { Records } from './records.ts';
import { emptyWorkspace, type Kept, type Workspace } from './workspace.ts';

/** Put together at once, so that it is of one moment. */
export function dumpOf({ epoch, workspaces }: Kept, records: Records): AsyncIterable<Part> {
  const parts: readonly Part[] = [
    { part: 'store', epoch },
    ...records.all(),
    ...[...workspaces]
      .filter(([, at]) => keepsAnything(at))
      .toSorted(([one], [other]) => byCodePoint(one, other))
      .flatMap(([workspace, at]) => partsOf(workspace, at)),
  ];
  return (async function* dump() {
    yield* parts;
  })();
}

const keepsAnything = ({ seq, operations, fates, survives }: Workspace): boolean =>
  seq > 0 || operations.size > 0 || fates.size > 0 || survives.size > 0;

interface Placed {
  readonly collection: string;
  readonly seq: number;
  readonly pos: number;
}
const byPlace = (one: Placed, other: Placed): number =>
  byCodePoint(one.collection, other.collection) || one.seq - other.seq || one.pos - other.pos;
const byName = ([one]: readonly [string, ...unknown[]], [other]: readonly [string, ...unknown[]]) =>
  byCodePoint(one, other);

function partsOf(workspace: WorkspaceId, at: Workspace): readonly Part[] {
  const { seq, timeMs, floor, survives } = at;
  return [
    {
      part: 'workspace',
      workspace,
      seq: asSeq(seq),
      updatedAt: new Date(timeMs).toISOString(),
      floor: asSeq(floor),
      survives: Object.fromEntries(survives),
    },
    ...at.marks.map((mark): Part => ({ part: 'mark', workspace, ...mark })),
    ...[...at.documents.values()]
      .toSorted(byPlace)
      .map((document): Part => ({ part: 'document', workspace, ...document })),
    ...at.left
      .toSorted((one, other) => byPlace(one, other) || byCodePoint(one.key, other.key))
      .map((row): Part => ({ part: 'left', workspace, ...row, seq: asSeq(row.seq) })),
    ...[...at.operations].toSorted(byName).map(([, { value, seq: of }]): Part => ({
      part: 'operation',
      workspace,
      ...value,
      seq: asSeq(of),
    })),
    ...[...at.fates].toSorted(byName).map(([stamp, { value: fate, seq: of }]): Part => ({
      part: 'fate',
      workspace,
      stamp,
      fate,
      seq: asSeq(of),
    })),
    ...[...at.purged]
      .map((key) => key.split('/'))
      .toSorted(
        ([one = '', digest = ''], [other = '', otherDigest = '']) =>
          byCodePoint(one, other) || byCodePoint(digest, otherDigest),
      )
      .map(([collection = '', digest = '']): Part => ({
        part: 'purged',
        workspace,
        collection,
        digest,
      })),
  ];
}

/** What an empty store becomes by a dump; only then are the records written. */
export async function loaded(
  before: Kept,
  records: Records,
  parts: AsyncIterable<Part>,
): Promise<Kept> {
  if ([...before.workspaces.values()].some(keepsAnything) || records.all().length > 0)
    throw new StoreNotEmptyError('The store has data already.');
  let { epoch } = before;
  const workspaces = new Map<WorkspaceId, Workspace>();
  const writes: RecordWrite[] = [];
  for await (const part of parts) {
    if (part.part === 'store') ({ epoch } = part);
    else if (part.part === 'record') writes.push(part);
    else {
      const at = workspaces.get(part.workspace) ?? emptyWorkspace();
      workspaces.set(part.workspace, at);
      take(at, part);
    }
  }
  await records.writeRecords(writes);
  return { epoch, workspaces };
}

function take(at: Workspace, part: Extract<Part, { workspace: WorkspaceId }>): void {
  switch (part.part) {
    case 'workspace': {
      const { seq, updatedAt, floor, survives } = part;
      Object.assign(at, { seq, timeMs: Date.parse(updatedAt), floor });
      for (const [epoch, upTo] of Object.entries(survives)) at.survives.set(epoch, upTo);
      return;
    }
    case 'mark':
      at.marks.push({ timeMs: part.timeMs, seq: part.seq });
      return;
    case 'document': {
      const { part: _, workspace: __, ...document } = part;
      const scopeKeys = canonicalKeys(document.scopeKeys);
      at.documents.set(keyOf(part.collection, part.id), { ...document, scopeKeys });
      return;
    }
    case 'left': {
      const { collection, id, seq, pos, key } = part;
      at.left.push({ collection, id, seq, pos, key });
      return;
    }
    case 'operation': {
      const { part: _, workspace: __, seq, ...value } = part;
      at.operations.set(value.op, { value, seq });
      return;
    }
    case 'fate':
      at.fates.set(part.stamp, { value: part.fate, seq: part.seq });
      return;
    case 'purged':
      at.purged.add(keyOf(part.collection, part.digest));
  }
}
