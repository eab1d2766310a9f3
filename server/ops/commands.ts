// What the command line asks for, each as one function over the core: carried out by a running
// server (command-socket.ts) or by the command's own process.

import {
  anything,
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  record,
  ROLES,
  text,
  type Field,
  type ValueOf,
} from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import { AccountError } from '../auth/directory.ts';
import { IMPORT_BATCH } from '../config.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';
import { CommandError } from './command-error.ts';
import type { IngestResult } from './ingest.ts';
import { backUp, exportPage, purge } from './safekeeping.ts';

export { CommandError } from './command-error.ts';

interface Command<I, O> {
  readonly misfit: (input: unknown) => string | undefined;
  readonly run: (core: Core, input: I) => Promise<O>;
}

const command = <F extends Field<unknown>, O>(
  input: F,
  run: (core: Core, input: ValueOf<F>) => Promise<O>,
): Command<ValueOf<F>, O> => ({ misfit: validatorFor(input, 'The command'), run });

const name = text(1_000, 1);
const path = text(10_000, 1);

export const commands = {
  /** Asks whether a server answers at all. */
  ping: command(object({}), () => Promise.resolve(true)),
  'workspace-create': command(object({ name }), (core, input) =>
    core.accounts.createWorkspace(input.name),
  ),
  'workspace-set': command(
    object({ workspace: name, belowFloor: choice(['flag', 'reject']) }),
    async (core, { workspace, belowFloor }) => {
      await core.accounts.setBelowFloor(workspace, belowFloor);
      return true;
    },
  ),
  'user-known': command(object({ email: name }), (core, { email }) => core.accounts.isKnown(email)),
  'user-add': command(
    object({
      email: name,
      name,
      workspace: name,
      role: choice(ROLES),
      password: optional(text(10_000)),
    }),
    (core, input) => core.accounts.addMember(input),
  ),
  'token-create': command(
    object({ email: name, workspace: name, name: text(1_000), readOnly: flag() }),
    (core, input) => core.accounts.createKey(input),
  ),
  'token-list': command(object({ workspace: name }), (core, { workspace }) =>
    core.accounts.listKeys(workspace),
  ),
  'token-revoke': command(object({ id: name }), async (core, { id }) => {
    await core.accounts.revokeKey(id);
    return true;
  }),
  'user-remove': command(object({ email: name, workspace: name }), async (core, input) => {
    await core.accounts.removeMember(input);
    return true;
  }),
  ingest: command(
    object({
      email: name,
      workspace: name,
      collection: name,
      documents: list(object({ id: text(1_000), fields: record(anything(), 1_000) }), IMPORT_BATCH),
    }),
    async (core, input): Promise<readonly IngestResult[]> => {
      const reader = await core.accounts.commander(input.email, input.workspace);
      if (reader === undefined)
        throw new CommandError(`${input.email} is no member of "${input.workspace}".`);
      if (!core.collections.has(input.collection))
        throw new CommandError(`The server has no collection "${input.collection}".`);
      return core.ingest(reader, input.collection, input.documents);
    },
  ),
  backup: command(object({ file: path }), (core, { file }) => backUp(core, file)),
  purge: command(
    object({ olderThanMs: integer(0, Number.MAX_SAFE_INTEGER), workspace: optional(name) }),
    (core, input) => purge(core, input),
  ),
  'export-page': command(
    object({ collection: name, workspace: optional(name), after: text(1_000) }),
    (core, input) => exportPage(core, input),
  ),
} as const;

type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandInput<N extends CommandName> = Parameters<Commands[N]['run']>[1];
export type CommandResult<N extends CommandName> = Awaited<ReturnType<Commands[N]['run']>>;

export const isCommandName = (text: string): text is CommandName => Object.hasOwn(commands, text);

/**
 * @param input What came over the socket or from the command line; checked here.
 * @throws {CommandError} where the reason is of use to whoever asked.
 */
export async function runCommand(core: Core, of: CommandName, input: unknown): Promise<unknown> {
  const { misfit, run } = commands[of] as Command<unknown, unknown>;
  const reason = misfit(input);
  if (reason !== undefined) throw new CommandError(reason);
  try {
    return await run(core, input);
  } catch (error) {
    if (error instanceof AccountError) throw new CommandError(error.message);
    if (error instanceof HttpProblem) throw new CommandError(error.detail);
    throw error;
  }
}
