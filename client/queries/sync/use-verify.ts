// Comparing this device with the server, and what came of it.

import { useState } from 'react';
import type { Verified } from '../../../replication/index.ts';
import { useWorkspace } from '../../database/use-workspace.ts';
import { failureWords } from '../../storage/write-failure.ts';

export type Verifying =
  | { readonly kind: 'idle' | 'running' }
  | { readonly kind: 'done'; readonly atMs: number; readonly collections: readonly Verified[] }
  | { readonly kind: 'failed'; readonly reason: string };

export const useVerify = (): readonly [verifying: Verifying, verify: () => void] => {
  const { sync } = useWorkspace();
  const [verifying, become] = useState<Verifying>({ kind: 'idle' });
  const verify = (): void => {
    become({ kind: 'running' });
    sync.verify().then(
      (collections) => become({ kind: 'done', atMs: Date.now(), collections }),
      (cause: unknown) => become({ kind: 'failed', reason: failureWords(cause) }),
    );
  };
  return [verifying, verify];
};
