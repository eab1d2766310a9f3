// What this device has done, for people who look later, and what it measured.

export type ActivityKind = 'info' | 'error' | 'conflict';

export interface Activity {
  /** Rises with time. */
  readonly id: string;
  readonly atMs: number;
  readonly kind: ActivityKind;
  readonly code:
    | 'sent'
    | 'received'
    | 'refused'
    | 'conflict'
    | 'trouble'
    | 'recovered'
    | 'failed'
    | 'resync'
    | 'repaired'
    | 'leading'
    | 'discarded'
    | 'retried';
  /** A sentence for people. */
  readonly message: string;
  /** For those who help: what the server or the browser said. */
  readonly detail?: string;
  /** What it is about; at most 20. */
  readonly records?: readonly { readonly collection: string; readonly id: string }[];
}

/** One request that the server has answered with all that was asked. */
export interface Sample {
  readonly atMs: number;
  readonly kind: 'push' | 'pull';
  readonly latencyMs: number;
  /** Operations judged, or documents received. */
  readonly rows: number;
}

export const ACTIVITY_LIMIT = 500;
export const SAMPLE_LIMIT = 200;

/** The same in every tab, kept across reloads. */
export interface Metrics {
  /** Waiting, under way and failed. */
  readonly queue: number;
  readonly pending: number;
  readonly failed: number;
  readonly rejected: number;
  readonly conflicts: number;
  /** Of the last pushes; none where nothing was sent yet. */
  readonly averageLatencyMs?: number;
  /** When the server last answered a push or a pull. */
  readonly lastSuccessAtMs?: number;
  /** Oldest first, at most 200. */
  readonly samples: readonly Sample[];
}
