// `import`: documents from a file. The good rows go in, in commits of at most 1,000; the others are
// listed with their line and reason.

import { stat } from 'node:fs/promises';
import type { Collection } from '../../schemas/index.ts';
import { validatorOf, type Validate } from '../../schemas/validate.ts';
import { IMPORT_BATCH, IMPORT_BATCH_BYTES } from '../config.ts';
import { CommandError } from '../ops/commands.ts';
import type { IngestDocument } from '../ops/ingest.ts';
import type { DataAccess } from './data-access.ts';
import { counted, createProgress } from './import/progress.ts';
import { openSource, type Item, type Source } from './import/read-rows.ts';
import { digestOf, rowId } from './import/row-id.ts';
import { foundAt } from './import/found-at.ts';
import { readMapping, toFields, type Mapping } from './import/to-fields.ts';

export interface ImportOptions {
  readonly email: string;
  readonly workspace: string;
  readonly map?: readonly string[];
  readonly set?: readonly string[];
}

type Job = ImportOptions & { readonly collection: string; readonly file: string };

interface Batched {
  readonly line: number;
  readonly document: IngestDocument;
}

const done = ({ imported, alreadyThere, refused }: Tally): number =>
  imported + alreadyThere + refused.length;

interface Refused {
  readonly line: number;
  /** Without a full stop. */
  readonly reason: string;
  /** What stands in the file there. */
  readonly found?: string;
}

interface Tally {
  read: number;
  imported: number;
  alreadyThere: number;
  readonly refused: Refused[];
}

/**
 * Returns whether there were rows and all of them are in the store now.
 *
 * @throws {CommandError} where nothing could be imported at all.
 */
export async function importFile(
  access: DataAccess,
  collections: readonly Collection[],
  job: Job,
): Promise<boolean> {
  const collection = collections.find(({ name }) => name === job.collection);
  if (collection === undefined)
    throw new CommandError(
      `There is no collection "${job.collection}". There are: ${collections.map(({ name }) => name).join(', ')}.`,
    );
  const mapping = readMapping(collection, job.map ?? [], job.set ?? []);
  // With no documents: says who may not, before a large file is read.
  const { email, workspace } = job;
  await access.call('ingest', { email, workspace, collection: collection.name, documents: [] });
  const { size, digest } = await look(job.file);

  const progress = createProgress(process.stderr);
  let bytes = 0;
  const source = await openSource(job.file, (more) => {
    bytes += more;
  });
  checkColumns(source, mapping);

  const tally: Tally = { read: 0, imported: 0, alreadyThere: 0, refused: [] };
  const make = rowMaker(collection, mapping, digest);
  try {
    for await (const batch of batches(source, make, tally)) {
      await send(access, job, batch, tally);
      progress.at(Math.min(bytes / size, 0.99), done(tally));
    }
    if (tally.read > 0) progress.at(1, tally.read);
  } finally {
    // Also where it broke off: what went in is there, and what was refused is known.
    progress.end();
    report(tally, source.unit);
  }
  return tally.read > 0 && tally.refused.length === 0;
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

async function look(file: string): Promise<{ readonly size: number; readonly digest: string }> {
  try {
    const { size } = await stat(file);
    return { size, digest: await digestOf(file) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new CommandError(`The file ${file} cannot be read (${code}).`);
  }
}

function checkColumns({ columns }: Source, mapping: Mapping): void {
  if (columns === undefined) return;
  for (const column of mapping.columns.values())
    if (!columns.includes(column))
      throw new CommandError(
        `The file has no column "${column}". Its columns: ${columns.join(', ')}.`,
      );
}

type Make = (item: Item) => Batched | Refused;

function rowMaker(collection: Collection, mapping: Mapping, digest: string): Make {
  const misfit: Validate = validatorOf(collection);
  return (item) => {
    const { line } = item;
    if (item.kind === 'unreadable') return { line, reason: withoutStop(item.reason) };
    const made = toFields(collection, mapping, item.values);
    const id = made.id ?? rowId(digest, line);
    const reason = misfit({ [collection.primaryKey]: id, ...made.fields });
    if (reason !== undefined)
      return { line, reason: withoutStop(reason), ...foundAt(reason, mapping, item.values) };
    return { line, document: { id, fields: made.fields } };
  };
}

/** Collects good rows and notes the others. */
async function* batches(
  source: Source,
  make: Make,
  tally: Tally,
): AsyncGenerator<readonly Batched[]> {
  let batch: Batched[] = [];
  let length = 0;
  for await (const item of source.items) {
    tally.read += 1;
    const made = make(item);
    if ('reason' in made) {
      tally.refused.push(made);
      continue;
    }
    const size = JSON.stringify(made.document).length;
    if (batch.length >= IMPORT_BATCH || (batch.length > 0 && length + size > IMPORT_BATCH_BYTES)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(made);
    length += size;
  }
  if (batch.length > 0) yield batch;
}

async function send(
  access: DataAccess,
  { email, workspace, collection }: Job,
  batch: readonly Batched[],
  tally: Tally,
): Promise<void> {
  const documents = batch.map(({ document }) => document);
  const results = await access.call('ingest', { email, workspace, collection, documents });
  for (const [index, { line }] of batch.entries()) {
    const result = results[index];
    switch (result?.verdict) {
      case 'accepted':
      case 'merged':
        if (result.duplicate === true) tally.alreadyThere += 1;
        else tally.imported += 1;
        break;
      // The row's document is there and has been changed since: importing again changes nothing.
      case 'superseded':
        tally.alreadyThere += 1;
        break;
      case 'conflict':
      case 'rejected':
      case undefined:
        tally.refused.push({ line, reason: withoutStop(result?.message ?? 'It was refused.') });
    }
  }
}

/** More neighbours than this with one reason are told in one line. */
const MAX_LINES_APART = 5;

/** Neighbouring lines that were refused for the same reason, together. */
function stretches(refused: readonly Refused[]): readonly (readonly Refused[])[] {
  const found: Refused[][] = [];
  for (const one of refused) {
    const before = found.at(-1)?.at(-1);
    if (before?.reason === one.reason && one.line === before.line + 1) found.at(-1)?.push(one);
    else found.push([one]);
  }
  return found;
}

function report(tally: Tally, unit: Source['unit']): void {
  const refused = tally.refused.toSorted((left, right) => left.line - right.line);
  const tell = (lines: string, { reason, found }: Refused, where = ''): void => {
    const there = found === undefined ? '' : `; ${found}${where}`;
    process.stderr.write(`${lines}: ${reason}${there}.\n`);
  };
  for (const stretch of stretches(refused)) {
    const [first] = stretch;
    const last = stretch.at(-1);
    if (first !== undefined && last !== undefined && stretch.length > MAX_LINES_APART)
      tell(`${unit}s ${first.line} to ${last.line}`, first, ` in ${unit} ${first.line}`);
    else for (const one of stretch) tell(`${unit} ${one.line}`, one);
  }
  if (refused.length > 0 && refused.length === tally.read)
    process.stderr.write('Nothing fits. Say which column is which field: --map title=name\n');
  const there = tally.alreadyThere > 0 ? `${counted(tally.alreadyThere)} already there, ` : '';
  process.stdout.write(
    `${counted(tally.read)} rows read, ${counted(tally.imported)} imported, ${there}${counted(refused.length)} refused\n`,
  );
}
