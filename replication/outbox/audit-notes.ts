// What the audit of local data keeps from session to session.

export interface AuditRun {
  readonly endedCleanly: boolean;
  /** The highest reading of this device's clock that is not overcome. */
  readonly clockMs: number;
  /** The leader number of its session: one that ends late may note that after the next has begun. */
  readonly leader: number;
  /** Collections that are to be received again. */
  readonly again: readonly string[];
}

/** Kept by the ledger; durable when `noteRun` resolves. */
export interface AuditNotes {
  lastRun(): Promise<AuditRun | undefined>;
  noteRun(run: AuditRun): Promise<void>;
}
