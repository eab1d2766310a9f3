// What RxDB asks when two states of a document meet. The server has judged before RxDB asks, so the
// answer is always the server's state: anything else is pushed again, and again.

import type { WireDocument } from '../protocol/index.ts';
import { sameClock } from '../stamp/clock.ts';

/** Whether two states are the same version. By clocks, never by values: a server sets fields. */
export const isSameVersion = (left: WireDocument, right: WireDocument): boolean =>
  sameClock(left.clk, right.clk) &&
  (left.rev ?? 0) === (right.rev ?? 0) &&
  (left._deleted === true) === (right._deleted === true);

/** After a restore another commit may have the number of one that was lost. */
const sameCommit = (left: WireDocument, right: WireDocument): boolean =>
  left.updatedAt === right.updatedAt;

/** Says that what is about to be written over `local` is older than an answer already given. */
export type IsOvertaken = (arriving: WireDocument, local: WireDocument) => boolean;

export interface ConflictHandler {
  isEqual(left: WireDocument, right: WireDocument, context: string): boolean;
  resolve(input: { readonly realMasterState: WireDocument }): Promise<WireDocument>;
}

/** RxDB's last question before it writes a pulled document (downstream.ts); "equal" writes nothing. */
const BEFORE_DOWNSTREAM_WRITE = 'downstream-check-if-equal-1';

/**
 * A handler for any policy whose merging is the server's. Its functions are total: an exception in
 * them would take the document out of replication for good.
 */
export const createConflictHandler = (isOvertaken: IsOvertaken = () => false): ConflictHandler => ({
  isEqual: (left, right, context) =>
    context === BEFORE_DOWNSTREAM_WRITE
      ? isOvertaken(left, right) || (isSameVersion(left, right) && sameCommit(left, right))
      : isSameVersion(left, right),
  resolve: (input) => Promise.resolve(input.realMasterState),
});
