// RxDB's memory storage over what is on a device's disk, for one life: each write is a step at which
// the device can die. One write of one collection is one step of the disk, two are not.

import { filter, isObservable } from 'rxjs';
import {
  createMemoryStorageInstance,
  getRxStorageMemory,
  type RxStorageMemory,
} from 'rxdb/plugins/storage-memory';
import type { Disk } from './disk.ts';
import { never, type Mortal } from './mortal.ts';

type Method = (...given: readonly unknown[]) => unknown;
interface Row {
  readonly document: Readonly<Record<string, unknown>>;
}
interface Outcome {
  readonly error: readonly { readonly documentId: string }[];
}

export interface GuardedStorage {
  readonly storage: RxStorageMemory;
  /** RxDB counts open instances for the whole realm; those of a process that died are not open. */
  readonly letGo: () => void;
}

export function guardedStorage(life: Mortal, name: string, disk: Disk): GuardedStorage {
  const instances: { close(): Promise<void> }[] = [];
  const storage: RxStorageMemory = {
    ...getRxStorageMemory(),
    // RxDB opens a name only once for each storage, and a process that died has closed nothing.
    name,
    collectionStates: disk.states,
    createStorageInstance: async (params) => {
      const instance = await createMemoryStorageInstance(storage, params, {});
      instances.push(instance);
      return new Proxy(instance, {
        get: (target, property) => {
          const value: unknown = Reflect.get(target, property);
          if (typeof value !== 'function') return value;
          const method = value.bind(target) as Method;
          if (property !== 'bulkWrite') return whileAlive(life, method);
          return (rows: readonly Row[], context: string) =>
            life.call(nameOf(instance.collectionName, rows, context), async () => {
              const outcome = (await method(rows, context)) as Outcome;
              note(disk, instance.collectionName, rows, context, outcome);
              return outcome;
            });
        },
      });
    },
  };
  const letGo = (): void => {
    for (const instance of instances) void instance.close();
  };
  return { storage, letGo };
}

const whileAlive =
  (life: Mortal, method: Method): Method =>
  (...given) => {
    if (!life.isAlive) return never();
    const result = method(...given);
    if (isObservable(result)) return result.pipe(filter(() => life.isAlive));
    return result instanceof Promise ? life.heard(result) : result;
  };

/** What a write is for: where it goes, and RxDB's own word for it. */
function nameOf(collection: string, rows: readonly Row[], context: string): string {
  if (collection.startsWith('_')) return `database: ${context}`;
  if (context === 'replication-set-checkpoint')
    return `checkpoint: ${String(rows[0]?.document['itemId'])}`;
  const kind = isMeta(collection) ? 'meta' : 'documents';
  // RxDB adds the replication's own name.
  return `${kind}: ${context.replace(/^(replication-downstream)-.*$/, '$1')}`;
}

const isMeta = (collection: string): boolean => collection.startsWith('rx-replication-meta');

function note(
  disk: Disk,
  collection: string,
  rows: readonly Row[],
  context: string,
  { error }: Outcome,
): void {
  if (/^replication-up-.*meta$/.test(context))
    for (const { document } of rows)
      disk.settled.push({ id: String(document['itemId']), at: disk.tick() });
  const isOfPeople = !/^(?:replication|holdfast)-/.test(context);
  if (collection.startsWith('_') || isMeta(collection) || !isOfPeople) return;
  const failed = new Set(error.map(({ documentId }) => documentId));
  for (const { document } of rows) {
    const { _meta, _rev, _attachments, ...doc } = document;
    const id = String(doc['id']);
    if (!failed.has(id)) disk.written.push({ collection, id, doc });
  }
}
