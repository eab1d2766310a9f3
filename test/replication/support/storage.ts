// Holding RxDB's own storage calls, to look between two of its steps.

import { atEnd, type Notes } from './world.ts';

type Call = 'bulkWrite' | 'findDocumentsById';
type Method = (...given: readonly unknown[]) => Promise<unknown>;

export interface Hold {
  /** Whether a call has come. */
  readonly isHolding: () => boolean;
  readonly release: () => void;
}

export const innermost = (given: object): Record<Call, Method> => {
  const wrapped: { originalStorageInstance?: object } = given;
  let instance: object = wrapped.originalStorageInstance ?? wrapped;
  for (;;) {
    const inner = (instance as { underlyingPersistentStorage?: object })
      .underlyingPersistentStorage;
    if (inner === undefined || inner === instance) return instance as Record<Call, Method>;
    instance = inner;
  }
};

/** Holds the next call that fits until it is released, and lets all later ones pass. */
export function holdNext(
  collection: Notes,
  call: Call,
  fits: (given: readonly unknown[]) => boolean,
): Hold {
  const instance = innermost(collection.storageInstance);
  const original = instance[call].bind(instance);
  let release: (() => void) | undefined;
  let isDone = false;
  instance[call] = async (...given) => {
    if (!isDone && fits(given)) {
      isDone = true;
      await new Promise<void>((resolve) => (release = resolve));
    }
    return original(...given);
  };
  atEnd(() => Promise.resolve(release?.()));
  return { isHolding: () => release !== undefined, release: () => release?.() };
}

/** Makes the next call that fits fail. */
export function failNext(
  collection: Notes,
  call: Call,
  fits: (given: readonly unknown[]) => boolean,
): void {
  const instance = innermost(collection.storageInstance);
  const original = instance[call].bind(instance);
  let isDone = false;
  instance[call] = (...given) => {
    if (isDone || !fits(given)) return original(...given);
    isDone = true;
    return Promise.reject(new Error('The disk is full.'));
  };
}

export const withContext =
  (context: string) =>
  (given: readonly unknown[]): boolean =>
    String(given[1]).startsWith(context);
