// Who is asking. Made once per request by server/auth/credentials.ts and passed down everywhere.

import type { UserId, WorkspaceId } from '../../replication/core.ts';
import type { BelowFloor } from '../accept/circumstances.ts';
import type { Module, Role } from '../../schemas/index.ts';

export interface Reader {
  readonly workspace: WorkspaceId;
  readonly workspaceName: string;
  readonly modules: readonly Module[];
  readonly belowFloor: BelowFloor;
  readonly user: UserId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** A key that may only read, whatever the role. */
  readonly readOnly: boolean;
  /** The documents that the reader may see are those with one of these keys. */
  readonly scopeKeys: readonly string[];
  /** Hash of the secret, under which its record is kept; empty for commands. */
  readonly credential: string;
  readonly via: 'session' | 'key' | 'command';
}

declare global {
  // Express's own place for what middleware adds to a request.
  namespace Express {
    interface Request {
      /** Names the request in the log and in the header X-Request-Id. */
      id: string;
      /** There behind `signedIn`; `readerOf` reads it. */
      reader?: Reader;
    }
  }
}
