// Under which name a verdict is remembered. A name holds for its author alone: nobody can have
// another person's operation refused by sending it first.

import type { OperationId, UserId } from '../../replication/core.ts';

const AUTHOR_LENGTH = 8;
const named = (text: string, author: UserId): string => `${text}~${author.slice(-AUTHOR_LENGTH)}`;

export const recordedOperation = (op: OperationId, author: UserId): OperationId =>
  named(op, author) as OperationId;

export const recordedStamp = named;
