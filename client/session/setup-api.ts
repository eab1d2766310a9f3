// The requests of the first start. Answers are told apart here, so that the page sees no numbers.

import type { ModuleName } from '../modules.ts';
import { textOf } from './account.ts';

export interface FirstStartFields {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly workspace: string;
  readonly modules: readonly ModuleName[];
  readonly sample: boolean;
}

export type SetUpAnswer =
  | { readonly kind: 'done' }
  /** There is a workspace already. */
  | { readonly kind: 'closed' }
  /** The address that led here is no longer good. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unreachable' };

/** Records: what the server has stored, of what it will. */
export interface SampleProgress {
  readonly done: number;
  readonly total: number;
}

const TIMEOUT_MS = 30_000;
const ODD = 'The server answered something this page does not understand. Reload the page.';
const WAIT = 'There were too many tries. Wait a little, then try again.';

const ask = (address: string, body?: object): Promise<Response> =>
  fetch(address, {
    method: body ? 'POST' : 'GET',
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body
      ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : {}),
  });

const numberOf = (value: unknown, name: string): number | undefined => {
  const found: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'number' ? found : undefined;
};

/** Whether the server still waits for its first workspace; `undefined` where it does not answer. */
export const askNeeded = async (): Promise<boolean | undefined> => {
  try {
    const told: unknown = await (await ask('/api/setup')).json();
    if (typeof told !== 'object' || told === null || !('needed' in told)) return undefined;
    return told.needed === true;
  } catch {
    // No network, no answer in time, or an answer from something that is not the server.
    return undefined;
  }
};

export const sendSetUp = async (code: string, fields: FirstStartFields): Promise<SetUpAnswer> => {
  try {
    const response = await ask('/api/setup', { ...fields, code });
    if (response.status === 201) return { kind: 'done' };
    if (response.status === 409) return { kind: 'closed' };
    if (response.status === 429) return { kind: 'refused', reason: WAIT };
    if (response.status >= 500) return { kind: 'unreachable' };
    const told: unknown = await response.json();
    if (textOf(told, 'code') === 'wrong_first_start_code') return { kind: 'expired' };
    return { kind: 'refused', reason: textOf(told, 'detail') || ODD };
  } catch {
    return { kind: 'unreachable' };
  }
};

/** Set while the sample is loaded, so that a reload can go on with it. */
const LOADING = 'holdfast.sample';
export const sampleBegun = {
  read: (): boolean => sessionStorage.getItem(LOADING) !== null,
  forget: (): void => sessionStorage.removeItem(LOADING),
};

/** Loads what is missing of the sample. Resolves to whether all of it is there. */
export const loadSample = async (show: (progress: SampleProgress) => void): Promise<boolean> => {
  sessionStorage.setItem(LOADING, '1');
  for (;;) {
    const progress = await loadSampleStep();
    if (!progress) return false;
    show(progress);
    if (progress.done < progress.total) continue;
    sampleBegun.forget();
    return true;
  }
};

/** One step; asked again until `done` is `total`. `undefined` where it failed. */
const loadSampleStep = async (): Promise<SampleProgress | undefined> => {
  try {
    const response = await ask('/api/sample', {});
    if (!response.ok) return undefined;
    const told: unknown = await response.json();
    const [done, total] = [numberOf(told, 'done'), numberOf(told, 'total')];
    return done === undefined || total === undefined ? undefined : { done, total };
  } catch {
    return undefined;
  }
};
