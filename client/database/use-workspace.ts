// The open workspace, for every hook below it; screens never see the database itself.

import { createContext, useContext, useEffect, useState } from 'react';
import type { Account } from '../session/account.ts';
import { useSession } from '../session/use-session.ts';
import { carryOutLeft } from './held-deletes.ts';
import { openWorkspace, type Workspace } from './open.ts';

export const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export const useWorkspace = (): Workspace => {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace stands outside of an open workspace.');
  return workspace;
};

/** Whose it is, with the role and the names that the server has said last. */
export const useAccount = (): Account => {
  const { account } = useWorkspace();
  const session = useSession();
  return session.kind === 'in' ? session.account : account;
};

export type Opening =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly workspace: Workspace }
  | { readonly kind: 'failed'; readonly cause: unknown };

/** Opens the account's local database; it stays open where only the role or names change. */
export const useOpening = (account: Account): Opening => {
  const [opening, become] = useState<Opening>({ kind: 'opening' });
  useEffect(() => {
    let stale = false;
    let endCarrying = (): void => {};
    openWorkspace(account).then(
      (workspace) => {
        if (stale) return;
        endCarrying = carryOutLeft(workspace);
        become({ kind: 'open', workspace });
      },
      (cause: unknown) => {
        if (!stale) become({ kind: 'failed', cause });
      },
    );
    return () => {
      stale = true;
      endCarrying();
    };
  }, [account]);
  return opening;
};
