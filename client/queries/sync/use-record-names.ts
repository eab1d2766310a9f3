// Records as people know them, with where each is shown; those that are not on this device by kind.

import { useEffect, useEffectEvent, useState } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { recordAddress, settleAddress } from '../../router.ts';
import { INBOX } from '../../../schemas/index.ts';
import { decisionName } from '../inbox/decision.ts';
import { nameOf, titleOf } from '../inbox/faces.ts';
import { useEntriesById, useHere } from '../inbox/use-inbox.ts';
import { recordKey } from './items.ts';

type About = { readonly collection: string; readonly id: string };
type Found = ReadonlyMap<string, Readonly<Record<string, unknown>> | undefined>;

export interface NamedRecord extends About {
  readonly name: string;
  /** Without its kind; empty where nothing names it. */
  readonly title: string;
  /** None where there is no screen for it, or no record any more. */
  readonly address: string | undefined;
  /** It was looked for, and is not on this device. */
  readonly gone: boolean;
}

export const useRecordNames = (records: readonly About[]): readonly NamedRecord[] => {
  const workspace = useWorkspace();
  const here = useHere();
  const entries = useEntriesById();
  const [found, become] = useState<Found>(new Map());
  const read = useEffectEvent(() =>
    Promise.all(
      records.map(
        async (one) =>
          [recordKey(one), (await workspace.document(one.collection, one.id))?.toJSON()] as const,
      ),
    ),
  );
  // Lists are made anew more often than others are meant.
  const asked = records.map(recordKey).join('\n');
  useEffect(() => {
    let stale = false;
    read().then(
      (documents) => !stale && become(new Map(documents)),
      // Without names they are listed by kind.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [workspace, asked]);
  return records.map(({ collection, id }) => {
    const key = recordKey({ collection, id });
    if (collection === INBOX) {
      const entry = entries.get(id);
      const name = decisionName(entry, here);
      const address = entry && settleAddress(id);
      return { collection, id, name, title: name, address, gone: entry === undefined };
    }
    const document = found.get(key);
    return {
      collection,
      id,
      name: nameOf(collection, document ?? {}, here),
      title: titleOf(collection, document ?? {}, here),
      address: document && recordAddress(collection, id, document),
      gone: found.has(key) && document === undefined,
    };
  });
};
