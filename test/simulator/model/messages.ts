// What the test and the threads of its clients tell each other.

import type { RefusedWrite, WireDocument } from '../../../replication/index.ts';
import type { Delivered, FaultCounts } from '../../support/faulty-network.ts';

/** One value that a person wrote, as it stood in the client's own storage afterwards. */
export interface Write {
  readonly client: number;
  /** `collection/id`. */
  readonly key: string;
  /** A field, `field/key` of a per-key field, or `-` for a delete. */
  readonly entry: string;
  readonly value: unknown;
  readonly stamp: string;
}

export interface OpenClient {
  readonly name: string;
  readonly index: number;
  readonly url: string;
  readonly token: string;
  readonly collections: readonly string[];
  readonly seed: number;
  /** How far the device's own clock is ahead. */
  readonly skewMs: number;
  readonly online: boolean;
}

export interface ClientReport {
  readonly writes: readonly Write[];
  readonly delivered: readonly Delivered[];
  readonly needless: readonly string[];
  readonly refused: readonly RefusedWrite[];
  readonly faults: FaultCounts;
  /** Why it received everything again, each time. */
  readonly resyncs: readonly string[];
}

/** What a client's thread can be asked, with what it answers. */
export interface Calls {
  open: { readonly given: OpenClient; readonly answer: undefined };
  /** One random action; its name. */
  step: { readonly given: undefined; readonly answer: string };
  heal: { readonly given: undefined; readonly answer: undefined };
  /** Waits until nothing is unsent; false where that takes too long. */
  settled: { readonly given: undefined; readonly answer: string };
  /** Waits until the client asks for nothing any more; what it does instead where it never stops. */
  idle: { readonly given: undefined; readonly answer: string };
  /** Everything that the client shows, by `collection/id`. */
  state: {
    readonly given: undefined;
    readonly answer: readonly (readonly [string, WireDocument])[];
  };
  close: { readonly given: undefined; readonly answer: ClientReport };
}
export type CallName = keyof Calls;
export interface Call {
  readonly number: number;
  readonly name: CallName;
  readonly given: unknown;
}
export interface Reply {
  readonly number: number;
  readonly answer?: unknown;
  readonly error?: string;
}
