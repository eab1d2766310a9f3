// What a person wrote that waits to be sent: of a new record everything, of another one the fields
// that were changed since it was last sent.

import { useEffect, useState } from 'react';
import {
  CREATED,
  DELETED,
  deviceOf,
  isClock,
  timeOf,
  type OutboxContent,
} from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import type { WrittenVersion } from './edit-form.ts';
import type { Item } from './items.ts';

/**
 * A clock says when and where a field was last written, not whether it was sent. What this device
 * wrote since the oldest unsent write is unsent; after a start that is known of the latest write
 * only, so what it wrote since the server's version counts, too.
 */
const changedOf = (
  doc: Readonly<Record<string, unknown>>,
  device: string,
  createdAtMs: number,
): readonly string[] => {
  const { clk, updatedAt } = doc;
  if (!isClock(clk)) return [];
  const receivedAtMs = Date.parse(String(updatedAt));
  const sinceMs = Number.isNaN(receivedAtMs) ? createdAtMs : Math.min(createdAtMs, receivedAtMs);
  return Object.entries(clk).flatMap(([entry, stamp]) =>
    entry !== CREATED && entry !== DELETED && deviceOf(stamp) === device && timeOf(stamp) >= sinceMs
      ? [entry]
      : [],
  );
};

export const waitingWrite = (
  { collection, id, document: doc }: OutboxContent,
  device: string,
  createdAtMs: number,
): WrittenVersion => {
  const isNew = !(Number(doc['rev']) > 0);
  const changed = isNew ? [] : changedOf(doc, device, createdAtMs);
  return { collection, id, doc, ...(changed.length > 0 && { changed }) };
};

const NONE: readonly WrittenVersion[] = [];

/** Of one that waits, with its whole group. */
export const useWaitingWrites = ({ first, createdAtMs }: Item): readonly WrittenVersion[] => {
  const { sync } = useWorkspace();
  const [writes, become] = useState(NONE);
  const { op } = first;
  useEffect(() => {
    let stale = false;
    sync.contents(op).then(
      (contents) => {
        const device = sync.device();
        if (!stale) become(contents.map((one) => waitingWrite(one, device, createdAtMs)));
      },
      // What can't be read here is not shown; its name and its links are.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [sync, op, createdAtMs]);
  return writes;
};
