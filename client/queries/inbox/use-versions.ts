// Versions of a collection's records that are shown in the place of their documents.

import { useMemo } from 'react';
import { useWorkspace } from '../../database/use-workspace.ts';
import { useObservable } from '../use-observable.ts';
import type { Version } from './entries.ts';
import { versionsOf } from './versions.ts';

const NONE: ReadonlyMap<string, Version> = new Map();

export const useVersions = (collection: string): ReadonlyMap<string, Version> => {
  const workspace = useWorkspace();
  const versions$ = useMemo(() => versionsOf(workspace, collection), [workspace, collection]);
  return useObservable(versions$, NONE);
};
