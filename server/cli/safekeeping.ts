// The commands that keep data safe, as people type them.

import { InvalidArgumentError, Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { RETENTION_MS } from '../config.ts';
import { CommandError } from '../ops/commands.ts';
import { restoreBackup } from '../store/sqlite/backup.ts';
import { storeFileIn } from '../store/sqlite/store.ts';
import { makeDataDirectory, serverAnswers, type DataAccess } from './data-access.ts';
import { exportAll } from './move.ts';
import { refuseBeside } from './misuse.ts';
import { exportCollection, FORMATS, type Format } from './export.ts';
import { counted } from './import/progress.ts';
import { whereOf, type Parts, type Where } from './parts.ts';
import { withStopped } from './stopped.ts';
import { verify, verifyStore } from './verify.ts';

type WithData = <T>(where: Where, work: (access: DataAccess) => Promise<T>) => Promise<T>;

interface PurgeOptions extends Where {
  readonly olderThan: number;
  readonly workspace?: string;
}
interface VerifyOptions extends Where {
  readonly against?: string;
}
interface ExportOptions extends Where {
  readonly all?: string;
  readonly workspace?: string;
  readonly format?: Format;
  readonly out?: string;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90d`, `12h`, `30m` or `10s` in milliseconds. */
function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new InvalidArgumentError('Write it as 90d, 12h, 30m or 10s.');
  return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

export function addSafekeeping(
  program: Command,
  dataOption: Option,
  parts: Parts,
  withData: WithData,
): void {
  program
    .command('backup')
    .description('copy everything, accounts too, into a new file; the server may go on working')
    .argument('<file>')
    .addOption(dataOption)
    .action(async (file: string, where: Where) => {
      const input = { file: resolve(file) };
      const { sizeBytes } = await withData(where, (access) => access.call('backup', input));
      say(`The backup is in ${file} (${counted(sizeBytes)} bytes).`);
    });

  program
    .command('restore')
    .description('put a backup in the place of the data; the server must be stopped')
    .argument('<file>')
    .addOption(dataOption)
    .action((file: string, where: Where) => restore(file, where));

  program
    .command('restored')
    .description(
      'say that a MongoDB was put back by mongorestore, before any server starts on it: devices then send what it lacks',
    )
    .addOption(dataOption)
    .action((where: Where) => restored(parts, where));

  program
    .command('verify')
    .description(
      'look the data through and name what differs; exit code 1 where something does. With MongoDB, stop all servers first',
    )
    .option('--against <file>', 'whether they are also what "export --all" wrote')
    .addOption(dataOption)
    .action(async ({ data, mongo, against }: VerifyOptions) => {
      const where = whereOf(data, mongo);
      const isWhole =
        mongo === undefined
          ? await withData(where, (access) =>
              verify(access, parts.collections, {
                data,
                ...(against === undefined ? {} : { against }),
              }),
            )
          : await withStopped(parts, where, (store) =>
              verifyStore(store, parts.collections, against),
            );
      if (!isWhole) process.exitCode = 1;
    });
  addKeepingCommands(program, dataOption, parts, withData);
}

function addKeepingCommands(
  program: Command,
  dataOption: Option,
  parts: Parts,
  withData: WithData,
): void {
  program
    .command('purge')
    .description('forget what was deleted or settled long ago; the server does it every day')
    .option('--older-than <time>', 'such as 90d, 12h', duration, RETENTION_MS)
    .option('--workspace <workspace>', 'name or id; without it all')
    .addOption(dataOption)
    .action(async ({ data, mongo, olderThan: olderThanMs, ...rest }: PurgeOptions) => {
      const { tombstones, entries } = await withData(whereOf(data, mongo), (access) =>
        access.call('purge', { olderThanMs, ...rest }),
      );
      say(
        `${counted(tombstones)} deleted documents forgotten, ${counted(entries)} settled entries of the inbox removed.`,
      );
    });

  program
    .command('export')
    .description('write the documents of a collection, for people and other programs')
    .argument('[collection]')
    .option(
      '--all <file>',
      'instead: everything, accounts too, for a move; all servers must be stopped',
    )
    .option('--workspace <workspace>', 'name or id, where there are several')
    .addOption(new Option('--format <format>', 'else as the file is called').choices(FORMATS))
    .option('--out <file>', 'a new file; without it to the terminal')
    .addOption(dataOption)
    .action(async (collection: string | undefined, options: ExportOptions, command: Command) => {
      const { data, mongo, all, ...rest } = options;
      const where = whereOf(data, mongo);
      if (all !== undefined) {
        refuseBeside(command, ['workspace', 'format', 'out']);
        return exportAll(parts, where, all);
      }
      if (collection === undefined)
        return command.error("error: missing required argument 'collection'");
      await withData(where, (access) =>
        exportCollection(access, parts.collections, { collection, ...rest }),
      );
    });
}

async function restored(parts: Parts, where: Where): Promise<void> {
  if (where.mongo === undefined)
    throw new CommandError('This is for a MongoDB. A data folder is put back by "restore" alone.');
  await withStopped(parts, where, async (store) => store.beginEpoch?.());
  say('Start the servers. Devices that were ahead learn of it, and send what is missing.');
}

async function restore(file: string, { data, mongo }: Where): Promise<void> {
  if (mongo !== undefined)
    throw new CommandError(
      'This puts back a backup of a data folder. MongoDB has its own tools: mongorestore, and after it "holdfast restored". Nothing was changed.',
    );
  makeDataDirectory(data);
  if (await serverAnswers(data))
    throw new CommandError(
      'A server runs on this data folder. Stop it first. Nothing was changed.',
    );
  const name = new Date().toISOString().replaceAll(/[:.]/g, '-');
  try {
    const { aside } = restoreBackup(resolve(file), storeFileIn(data), name);
    say(`The data are those of ${file} now. Start the server; devices send what it lacks.`);
    if (aside !== undefined)
      say(`What was there before is in ${aside}. Remove it when nothing is missed.`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^E[A-Z]+$/.test(code)) throw error;
    throw new CommandError(`${file} cannot be restored (${code}). Nothing was changed.`);
  }
}
