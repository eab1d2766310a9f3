// The commands, as people type them. What they do stands in the other files of this folder and in
// server/ops/commands.ts.

import { Command, InvalidArgumentError, Option } from 'commander';
import { ROLES, type Role } from '../../schemas/index.ts';
import { DEFAULT_DATA_DIRECTORY, DEFAULT_HOST, DEFAULT_PORT } from '../config.ts';
import { createCore, type Core } from '../core.ts';
import { makeDataDirectory, reachData, type DataAccess } from './data-access.ts';
import { importFile, type ImportOptions } from './import.ts';
import { importAll } from './move.ts';
import { refuseBeside } from './misuse.ts';
import { demo, type DemoOptions } from './demo.ts';
import { whereOf, type Parts, type Where } from './parts.ts';
import { passwordFor } from './password.ts';
import { bringUpToDate } from '../ops/schema-change.ts';
import { addSafekeeping } from './safekeeping.ts';
import { serve, type ServeOptions } from './serve.ts';

interface ImportCommandOptions extends Where, Partial<ImportOptions> {
  readonly all?: string;
}
interface MemberOptions extends Where {
  readonly email: string;
  readonly workspace: string;
}
interface OversoldOptions extends Where {
  readonly workspace: string;
  readonly oversold: 'flag' | 'reject';
}
interface UserOptions extends MemberOptions {
  readonly name: string;
  readonly role: Role;
}
interface TokenOptions extends MemberOptions {
  readonly name: string;
  readonly readOnly?: true;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const port = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return value;
};

const silent = (): void => undefined;

const coreFor = async (parts: Parts, where: Where): Promise<Core> => {
  if (where.mongo === undefined) makeDataDirectory(where.data);
  const core = createCore({
    store: await parts.openStore(where),
    collections: parts.collections,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
  try {
    await bringUpToDate(core);
    return core;
  } catch (error) {
    await core.close();
    throw error;
  }
};

async function withData<T>(
  parts: Parts,
  where: Where,
  work: (access: DataAccess) => Promise<T>,
): Promise<T> {
  const access = await reachData(where, () => coreFor(parts, where));
  try {
    return await work(access);
  } finally {
    await access.close();
  }
}

export function createProgram(parts: Parts): Command {
  const program = new Command('holdfast');
  program.description('Keeps a team working without a network.');
  const dataOption = new Option('--data <directory>', 'where the data are').default(
    DEFAULT_DATA_DIRECTORY,
  );

  const serverCommand = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--port <number>', '0 takes a free one', port, DEFAULT_PORT)
      .option('--tls-cert <file>', 'certificate in PEM, with its chain: speaks HTTPS')
      .option('--tls-key <file>', 'its key in PEM');

  serverCommand('serve', 'run the server')
    .option('--host <address>', 'address to listen on', DEFAULT_HOST)
    .addOption(dataOption)
    .action((options: ServeOptions) => serve(parts, options));

  serverCommand('demo', 'run a server with sample data, which are gone when it ends').action(
    (options: DemoOptions) => demo(parts, options),
  );

  addImport(program, parts, dataOption);
  addWorkspaceCommands(program, parts, dataOption);
  addUserCommands(program, parts, dataOption);
  addSafekeeping(program, dataOption, parts, (where, work) => withData(parts, where, work));
  addMongo(program, dataOption);
  return program;
}

function addImport(program: Command, parts: Parts, dataOption: Option): void {
  program
    .command('import')
    .description('read documents from a CSV, JSON or JSON lines file')
    .argument('[collection]')
    .argument('[file]')
    .option('--email <email>', 'who imports (required)')
    .option('--workspace <workspace>', 'name or id (required)')
    .option('--map <field=column...>', 'which column a field is read from: position.lat=latitude')
    .option('--set <field=value...>', 'a value that all documents get: kind=airport')
    .option(
      '--all <file>',
      'instead of all this: what "export --all" wrote, into a folder or database without data',
    )
    .addOption(dataOption)
    .action(
      async (
        collection: string | undefined,
        file: string | undefined,
        { data, mongo, all, email, workspace, ...rest }: ImportCommandOptions,
        command: Command,
      ) => {
        if (all !== undefined) {
          refuseBeside(command, ['email', 'workspace', 'map', 'set']);
          return importAll(parts, whereOf(data, mongo), all);
        }
        if (collection === undefined || file === undefined) {
          const name = collection === undefined ? 'collection' : 'file';
          return command.error(`error: missing required argument '${name}'`);
        }
        if (email === undefined || workspace === undefined) {
          const name = email === undefined ? 'email' : 'workspace';
          return command.error(`error: required option '--${name} <${name}>' not specified`);
        }
        const job = { ...rest, email, workspace, collection, file };
        const allWentIn = await withData(parts, whereOf(data, mongo), (access) =>
          importFile(access, parts.collections, job),
        );
        if (!allWentIn) process.exitCode = 1;
      },
    );
}

/** Wherever a data folder can be named, a MongoDB can be. */
function addMongo(command: Command, dataOption: Option): void {
  const mongoOption = new Option(
    '--mongo <address>',
    'keep the data in this MongoDB instead, a replica set: mongodb://host/holdfast',
  ).env('HOLDFAST_MONGO');
  if (command.options.includes(dataOption)) command.addOption(mongoOption);
  for (const inner of command.commands) addMongo(inner, dataOption);
}

function addWorkspaceCommands(program: Command, parts: Parts, dataOption: Option): void {
  const workspaces = program.command('workspace').description('workspaces');
  workspaces
    .command('create')
    .requiredOption('--name <name>')
    .addOption(dataOption)
    .action(async ({ name, ...where }: Where & { readonly name: string }) => {
      const made = await withData(parts, where, (access) =>
        access.call('workspace-create', { name }),
      );
      say(`Workspace "${made.name}" is there (id ${made.id}).`);
    });

  workspaces
    .command('set')
    .description('change what a workspace does')
    .requiredOption('--workspace <workspace>', 'name or id')
    .addOption(
      new Option(
        '--oversold <what>',
        'a sale of more than there is: take it and flag it, or refuse',
      )
        .choices(['flag', 'reject'])
        .makeOptionMandatory(),
    )
    .addOption(dataOption)
    .action(async ({ workspace, oversold, ...where }: OversoldOptions) => {
      await withData(parts, where, (access) =>
        access.call('workspace-set', { workspace, belowFloor: oversold }),
      );
      say(`Selling more than there is: ${oversold}. From now on, also for sales made before.`);
    });
}

function addUserCommands(program: Command, parts: Parts, dataOption: Option): void {
  const user = program.command('user').description('people');
  user
    .command('add')
    .description(
      'make somebody a member; the password comes from HOLDFAST_PASSWORD or is asked for',
    )
    .requiredOption('--email <email>')
    .requiredOption('--name <name>')
    .requiredOption('--workspace <workspace>', 'name or id')
    .addOption(new Option('--role <role>').choices(ROLES).makeOptionMandatory())
    .addOption(dataOption)
    .action(async ({ email, name, workspace, role, ...where }: UserOptions) => {
      await withData(parts, where, async (access) => {
        const known = await access.call('user-known', { email });
        const password = known ? {} : { password: await passwordFor(email) };
        await access.call('user-add', { email, name, workspace, role, ...password });
        const kept = known ? ' Name and password stay as they were.' : '';
        say(`${email} is now ${role} of "${workspace}".${kept}`);
      });
    });

  user
    .command('remove')
    .description('end a membership and its keys, at once')
    .requiredOption('--email <email>')
    .requiredOption('--workspace <workspace>', 'name or id')
    .addOption(dataOption)
    .action(async ({ email, workspace, ...where }: MemberOptions) => {
      await withData(parts, where, (access) => access.call('user-remove', { email, workspace }));
      say(`${email} is no longer a member of "${workspace}".`);
    });
  addTokenCommands(program.command('token').description('API keys'), parts, dataOption);
}

function addTokenCommands(token: Command, parts: Parts, dataOption: Option): void {
  token
    .command('create')
    .description('print a new API key, this once')
    .requiredOption('--email <email>', 'whose rights the key has')
    .requiredOption('--workspace <workspace>', 'name or id')
    .option('--read-only', 'a key that cannot change anything')
    .option('--name <text>', 'what it is for', '')
    .addOption(dataOption)
    .action(async ({ email, workspace, name, readOnly, ...where }: TokenOptions) => {
      const input = { email, workspace, name, readOnly: readOnly === true };
      say(await withData(parts, where, (access) => access.call('token-create', input)));
    });

  token
    .command('list')
    .description('show the keys of a workspace: id, whose, since when, what for')
    .requiredOption('--workspace <workspace>', 'name or id')
    .addOption(dataOption)
    .action(async ({ workspace, ...where }: Omit<MemberOptions, 'email'>) => {
      const keys = await withData(parts, where, (access) =>
        access.call('token-list', { workspace }),
      );
      for (const { id, email, name, readOnly, createdAtMs } of keys) {
        const since = new Date(createdAtMs).toISOString().slice(0, 10);
        say([id, email, since, ...(readOnly ? ['read-only'] : []), name].join('  ').trimEnd());
      }
    });

  token
    .command('revoke')
    .description('end a key at once')
    .argument('<id>', 'as "token list" shows it')
    .addOption(dataOption)
    .action(async (id: string, options: Where) => {
      await withData(parts, options, (access) => access.call('token-revoke', { id }));
      say(`The key ${id} opens nothing any more.`);
    });
}
