// A client of the wire protocol in its simplest form: it stamps, makes rows and remembers nothing.

import {
  advanceVector,
  createStampClock,
  isDeviceId,
  makeNode,
  type DeviceId,
  type PushRow,
  type WireDocument,
} from '../../replication/index.ts';
import { rowOf } from '../../replication/push/row.ts';
import type { Collection } from '../../schemas/index.ts';

const ORIGIN = '1970-01-01T00:00:00.000Z';

export interface Device {
  readonly id: DeviceId;
  readonly make: (collection: Collection, doc: Record<string, unknown>) => WireDocument;
  readonly edit: (collection: Collection, doc: WireDocument, patch: object) => WireDocument;
  readonly remove: (doc: WireDocument) => WireDocument;
  readonly row: (collection: Collection, doc: WireDocument, base?: WireDocument) => PushRow;
}

export function makeDevice(id: string, now: () => number = Date.now): Device {
  if (!isDeviceId(id)) throw new Error(`"${id}" is no device id.`);
  const clock = createStampClock(makeNode(id, 'abcdef'), now);
  const vector = (collection: Collection, doc: WireDocument, stamp: string) =>
    collection.versionVector ? { vv: advanceVector(doc.vv, stamp) } : {};
  return {
    id,
    make: (collection, doc) => {
      const stamp = clock.tick();
      const at = now() > 0 ? new Date(now()).toISOString() : ORIGIN;
      const envelope = { rev: 0, createdAt: at, updatedAt: at, createdBy: '', updatedBy: '' };
      return { ...doc, clk: { '*': stamp }, ...vector(collection, {}, stamp), ...envelope };
    },
    edit: (collection, doc, patch) => {
      const stamp = clock.tick(doc.clk);
      const stamps = Object.fromEntries(Object.keys(patch).map((field) => [field, stamp]));
      return {
        ...doc,
        ...patch,
        clk: { ...doc.clk, ...stamps },
        ...vector(collection, doc, stamp),
      };
    },
    remove: (doc) => ({
      ...doc,
      _deleted: true,
      clk: { ...doc.clk, '-': clock.tick(doc.clk) },
    }),
    row: (collection, doc, assumed) => rowOf(collection, { doc, assumed }, id),
  };
}
