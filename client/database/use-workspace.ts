// The open workspace, for every hook below it; screens never see the database itself.

import { createContext, useContext, useEffect, useState } from 'react';
import type { Account } from '../session/account.ts';
import { openWorkspace, type Workspace } from './open.ts';

export const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export const useWorkspace = (): Workspace => {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace stands outside of an open workspace.');
  return workspace;
};

export type Opening =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly workspace: Workspace }
  | { readonly kind: 'failed'; readonly reason: string; readonly retry: () => void };

/** Opens the account's local database. */
export const useOpening = (account: Account): Opening => {
  const [opening, become] = useState<Opening>({ kind: 'opening' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let stale = false;
    openWorkspace(account).then(
      (workspace) => {
        if (!stale) become({ kind: 'open', workspace });
      },
      (cause: unknown) => {
        const retry = (): void => {
          become({ kind: 'opening' });
          setAttempt((count) => count + 1);
        };
        if (!stale) become({ kind: 'failed', reason: String(cause), retry });
      },
    );
    return () => {
      stale = true;
    };
  }, [account, attempt]);
  return opening;
};
