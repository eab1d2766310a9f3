// How far a collection has come, as RxDB keeps it.

/** RxDB merges the old one with the new one key by key, so it always has all keys. */
export interface Position {
  /** The server's checkpoint, opaque; what a pull sends. */
  readonly at: string;
  readonly epoch: string;
  /** A seq up to which every change was delivered: exact at the end of a pull, else a lower bound. */
  readonly seq: number;
}

export const further = (one: Position, other: Position | undefined): Position =>
  other === undefined || one.seq > other.seq ? one : other;
