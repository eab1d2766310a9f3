// The first start as the page goes through it: may it begin, what was refused, how far the sample is.

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import {
  askNeeded,
  loadSample as loadAll,
  sampleBegun,
  sendSetUp,
  type FirstStartFields,
  type SampleProgress,
} from '../../session/setup-api.ts';

export type FirstStart =
  | { readonly kind: 'asking' }
  | { readonly kind: 'unreachable' }
  /** There is a workspace already. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'form'; readonly busy: boolean; readonly problem?: Problem }
  /** The workspace is there; without `progress` nothing of the sample has been stored yet. */
  | {
      readonly kind: 'loading';
      readonly stopped: boolean;
      readonly progress?: SampleProgress;
    };

export type Problem =
  | { readonly kind: 'expired' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'refused'; readonly reason: string };

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};
/** A new address pasted into this tab changes only what is behind the #, and loads nothing. */
const useCode = (): string => useSyncExternalStore(subscribe, () => location.hash.slice(1));

/** The workspace opens from its beginning; Back does not lead here again. */
export const openWorkspace = (): void => {
  sampleBegun.forget();
  location.replace('/');
};

interface UseFirstStart {
  readonly state: FirstStart;
  readonly hasCode: boolean;
  readonly retry: () => void;
  readonly submit: (fields: FirstStartFields) => Promise<void>;
}

export const useFirstStart = (): UseFirstStart => {
  const code = useCode();
  const [state, setState] = useState<FirstStart>({ kind: 'asking' });

  const loadSample = useCallback(async (): Promise<void> => {
    const show = (stopped: boolean, progress?: SampleProgress): void =>
      setState((before) => {
        const last = progress ?? (before.kind === 'loading' ? before.progress : undefined);
        return { kind: 'loading', stopped, ...(last ? { progress: last } : {}) };
      });
    show(false);
    if (await loadAll((progress) => show(false, progress))) openWorkspace();
    else show(true);
  }, []);

  const begin = useCallback(async (): Promise<void> => {
    const needed = await askNeeded();
    if (needed === undefined) return setState({ kind: 'unreachable' });
    if (needed) return setState({ kind: 'form', busy: false });
    if (sampleBegun.read()) return loadSample();
    setState({ kind: 'closed' });
  }, [loadSample]);

  useEffect(() => void begin(), [begin]);
  // A new address clears what was said about the old one.
  useEffect(
    () =>
      setState((now) => (now.kind === 'form' && !now.busy ? { kind: 'form', busy: false } : now)),
    [code],
  );

  const submit = async (fields: FirstStartFields): Promise<void> => {
    setState({ kind: 'form', busy: true });
    const answer = await sendSetUp(code, fields);
    if (answer.kind === 'closed') return setState({ kind: 'closed' });
    if (answer.kind !== 'done') return setState({ kind: 'form', busy: false, problem: answer });
    if (fields.sample) return loadSample();
    openWorkspace();
  };
  const retry = (): void => {
    void (state.kind === 'loading' ? loadSample() : begin());
  };
  return { state, hasCode: code !== '', retry, submit };
};
