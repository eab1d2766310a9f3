// Which documents differ from what RxDB takes for the server's state: they wait to be sent, or RxDB
// has lost sight of them and would neither send nor update them (a crash between its writes, an
// exception while it resolved a conflict, a clock that was set back).

import {
  getAssumedMasterState,
  getChangedDocumentsSince,
  getLastCheckpointDoc,
  type RxDocumentData,
  type RxStorageInstanceReplicationState,
} from 'rxdb';
import { isSameVersion } from '../conflict/handler.ts';
import type { WireDocument } from '../protocol/index.ts';
import { isRecord } from './check.ts';
import { plain, type LocalCollection } from './raw.ts';
import type { Draft } from './stamping.ts';

type State = RxStorageInstanceReplicationState<Draft>;

export interface Differing {
  readonly id: string;
  readonly doc: WireDocument;
  readonly data: RxDocumentData<Draft>;
  /** None where RxDB takes it for unknown to the server. */
  readonly assumed: WireDocument | undefined;
  /** It lies where RxDB, when it starts, does not look any more. */
  readonly isHidden: boolean;
}

const BATCH = 500;

interface Place {
  readonly id: string;
  readonly lwt: number;
}
/** Up to where RxDB has looked through the local documents; as its Dexie and memory storages say it. */
async function upTo(state: State): Promise<Place | undefined> {
  const checkpoint: unknown = await getLastCheckpointDoc(state, 'up');
  if (!isRecord(checkpoint)) return undefined;
  const { id, lwt } = checkpoint;
  return typeof id === 'string' && typeof lwt === 'number' ? { id, lwt } : undefined;
}

/** `new`: what lies past RxDB's own position; `all`: every document. */
export async function differing(
  local: LocalCollection,
  state: State,
  where: 'new' | 'all',
): Promise<readonly Differing[]> {
  const passed = await upTo(state);
  let from: Place | undefined = where === 'new' ? passed : undefined;
  const found: Differing[] = [];
  for (;;) {
    const { documents, checkpoint } = await getChangedDocumentsSince(
      local.storageInstance,
      BATCH,
      from,
    );
    if (documents.length === 0) return found;
    found.push(...(await compare(local, state, documents, passed)));
    from = checkpoint as Place | undefined;
  }
}

/** The same for some documents. */
export async function differingOf(
  local: LocalCollection,
  state: State,
  ids: readonly string[],
): Promise<readonly Differing[]> {
  const documents = await local.storageInstance.findDocumentsById([...ids], true);
  return compare(local, state, documents, await upTo(state));
}

async function compare(
  local: LocalCollection,
  state: State,
  documents: readonly RxDocumentData<Draft>[],
  passed: Place | undefined,
): Promise<readonly Differing[]> {
  const { primaryPath } = local.schema;
  const masters = await getAssumedMasterState(
    state,
    documents.map((data) => String(data[primaryPath])),
  );
  return documents.flatMap((data) => {
    const id = String(data[primaryPath]);
    const master = masters[id]?.docData;
    if (master !== undefined && isSameVersion(master, data)) return [];
    const assumed = master === undefined ? undefined : plain(master);
    return [{ id, doc: plain(data), data, assumed, isHidden: isAtOrBefore(id, data, passed) }];
  });
}

const isAtOrBefore = (
  id: string,
  { _meta: { lwt } }: RxDocumentData<Draft>,
  passed: Place | undefined,
): boolean => passed !== undefined && (lwt < passed.lwt || (lwt === passed.lwt && id <= passed.id));

/** Writes them as they are, so that RxDB sees them. One that was written meanwhile is left alone. */
export async function touch(local: LocalCollection, found: readonly Differing[]): Promise<void> {
  await local.storageInstance.bulkWrite(
    found.map(({ data }) => ({ previous: data, document: { ...data } })),
    'holdfast-audit',
  );
}
