// The shapes of accounts as the store keeps them, each under its kind. Secrets are kept as hashes.

import { randomUUID } from 'node:crypto';
import {
  choice,
  flag,
  integer,
  list,
  MODULES,
  object,
  optional,
  record,
  ROLES,
  text,
  type Field,
  type ValueOf,
} from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import type { RecordWrite, Store } from '../store/port/port.ts';

interface Kind<T> {
  readonly name: string;
  readonly misfit: (value: unknown) => string | undefined;
  /** Only for the compiler. */
  readonly value?: T;
}

const kind = <F extends Field<unknown>>(name: string, schema: F): Kind<ValueOf<F>> => ({
  name,
  misfit: validatorFor(schema, `The record "${name}"`),
});

const timeMs = integer(0, Number.MAX_SAFE_INTEGER);

/** By lower-cased e-mail address. */
export const USER = kind(
  'user',
  object({ id: text(64, 1), email: text(254, 1), name: text(100, 1), password: text(400, 1) }),
);
/** By id. Without `modules` it uses all. */
export const WORKSPACE = kind(
  'workspace',
  object({
    name: text(100, 1),
    createdAtMs: timeMs,
    modules: optional(list(choice(MODULES), MODULES.length)),
    /** What happens to a sale of more than there is; flagged if not said. */
    belowFloor: optional(choice(['flag', 'reject'])),
  }),
);
/** By folded name, so that a name is taken once. */
export const WORKSPACE_NAME = kind('workspace-name', object({ workspace: text(64, 1) }));
/** By `workspace/user`. */
export const MEMBER = kind('member', object({ role: choice(ROLES) }));
/** By `user/workspace`: the way back from a user to the workspaces. */
export const MEMBER_OF = kind('member-of', object({}));
/** By the hash of its token. Never written again: a renewal must not bring back an ended session. */
export const SESSION = kind(
  'session',
  object({ user: text(64, 1), email: text(254, 1), workspace: text(64, 1), expiresAtMs: timeMs }),
);
/** By the same hash: until when use has prolonged it. Means nothing without its session. */
export const SESSION_USE = kind('session-use', object({ expiresAtMs: timeMs }));
/** By the hash of the key. */
export const KEY = kind(
  'key',
  object({
    user: text(64, 1),
    email: text(254, 1),
    workspace: text(64, 1),
    name: text(100),
    readOnly: flag(),
    createdAtMs: timeMs,
  }),
);

/** Of some kinds there is one record. */
export const CURRENT = 'current';
/** The one under `current` opens the first start: what its code hashes to. */
export const FIRST_START = kind('first-start', object({ codeHash: text(64, 64) }));
/**
 * The one under `current` says that there is a workspace; every new one writes it, so that of two who
 * make the first at once, one is too late. With the code's hash where the first start made it.
 */
export const FIRST_START_OVER = kind(
  'first-start-over',
  object({ codeHash: optional(text(64, 64)) }),
);
/** The one under `current` is written with whatever takes away or changes rights: a name of that change. */
export const RIGHTS_CHANGE = kind('rights-change', object({ name: text(64, 1) }));
/** By a hash: attempts to log in, or to guess a code, and when the last one was. */
export const ATTEMPTS = kind(
  'attempts',
  object({ count: integer(0, Number.MAX_SAFE_INTEGER), lastMs: timeMs }),
);
/** By what only one process may do at a time: who is at it, and until when it is theirs. */
export const LEASE = kind('lease', object({ owner: text(64, 1), untilMs: timeMs }));
/** By collection: of which version its documents are, and how they are being moved to another one. */
export const SCHEMA = kind(
  'schema',
  object({
    version: integer(0, 1_000_000),
    moving: optional(
      object({
        to: integer(0, 1_000_000),
        /** By workspace: the seq above which documents are of the new version. */
        since: record(integer(0, Number.MAX_SAFE_INTEGER), 1_000_000),
      }),
    ),
  }),
);
export interface SchemaRecord {
  readonly version: number;
  readonly moving?: { readonly to: number; readonly since: Readonly<Record<string, number>> };
}
/** By workspace: how far the loading of its sample data has come. */
export const SAMPLE = kind(
  'sample',
  object({ startedAtMs: timeMs, stepsDone: integer(0, 1_000_000) }),
);

export async function read<T>(store: Store, of: Kind<T>, id: string): Promise<T | undefined> {
  const value = await store.record(of.name, id);
  if (value === undefined) return undefined;
  const misfit = of.misfit(value);
  // Never a guess where rights are concerned.
  if (misfit !== undefined) throw new Error(`A record of kind "${of.name}" is damaged: ${misfit}`);
  return value as T;
}

export const put = <T>(of: Kind<T>, id: string, value: T): RecordWrite => ({
  kind: of.name,
  id,
  value,
});

/** A write that is refused, with all beside it, where the record is not `was`: none, if `undefined`. */
export const change = <T>(
  of: Kind<T>,
  id: string,
  was: T | undefined,
  value: T | undefined,
): RecordWrite => ({ kind: of.name, id, value, onlyIf: { was } });

/** As `change`, where there must be none yet. */
export const create = <T>(of: Kind<T>, id: string, value: T): RecordWrite =>
  change(of, id, undefined, value);

export const remove = (of: Kind<unknown>, id: string): RecordWrite => ({
  kind: of.name,
  id,
  value: undefined,
});

/**
 * To be written with whatever takes away or changes rights, so that other processes hear of it. What
 * only gives more needs it not: nobody remembers a refusal.
 */
export const rightsChange = (): RecordWrite => put(RIGHTS_CHANGE, CURRENT, { name: randomUUID() });

/** One spelling for a name or address that differs only in case or in how it is encoded. */
export const folded = (name: string): string => name.trim().normalize('NFC').toLowerCase();
