// Records as people know them, with where each is shown; those that are not on this device by kind.

import { useEffect, useState } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { recordAddress } from '../../router.ts';
import { nameOf } from '../inbox/faces.ts';
import { useHere } from '../inbox/use-inbox.ts';

type About = { readonly collection: string; readonly id: string };

export interface NamedRecord extends About {
  readonly name: string;
  /** None where there is no screen for it, or no record any more. */
  readonly address: string | undefined;
  /** It was looked for, and is not on this device. */
  readonly gone: boolean;
}

/** @param records the same list at every call, until others are meant. */
export const useRecordNames = (records: readonly About[]): readonly NamedRecord[] => {
  const workspace = useWorkspace();
  const here = useHere();
  const [found, become] = useState<readonly (Readonly<Record<string, unknown>> | undefined)[]>([]);
  useEffect(() => {
    let stale = false;
    const asked = records.map(async ({ collection, id }) =>
      (await workspace.document(collection, id))?.toJSON(),
    );
    Promise.all(asked).then(
      (documents) => !stale && become(documents),
      // Without names they are listed by kind.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [workspace, records]);
  return records.map(({ collection, id }, at) => {
    const document = found[at];
    return {
      collection,
      id,
      name: nameOf(collection, document ?? {}, here),
      address: document && recordAddress(collection, id, document),
      gone: at in found && document === undefined,
    };
  });
};
