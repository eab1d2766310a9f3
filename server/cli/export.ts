// `export`: a collection's documents without what only syncing needs, page by page, so that a large
// one fits too. `import` reads all three formats.

import { createWriteStream, rmSync } from 'node:fs';
import { extname } from 'node:path';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Collection, DocumentFields } from '../../schemas/index.ts';
import { CommandError } from '../ops/commands.ts';
import type { DataAccess } from './data-access.ts';

export const FORMATS = ['csv', 'json', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

interface ExportJob {
  readonly collection: string;
  readonly workspace?: string;
  readonly format?: Format;
  readonly out?: string;
}

/** @throws {CommandError} where there is nothing to export, or the file is there already. */
export async function exportCollection(
  access: DataAccess,
  collections: readonly Collection[],
  { out, format = formatOf(out), ...asked }: ExportJob,
): Promise<void> {
  const collection = collections.find(({ name }) => name === asked.collection);
  // The first page before anything is written: it says what is wrong with the question.
  const pages = await begun(pagesOf(access, asked));
  const documents = (async function* all() {
    for await (const page of pages) yield* page;
  })();
  const lines = Readable.from(WRITERS[format](documents, collection));
  if (out !== undefined) await toFile([lines], out);
  else await toTerminal(lines);
}

/** The same items, of which the first was fetched already. */
export async function begun<T>(items: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await items.next();
  return (async function* all() {
    try {
      if (first.done !== true) yield first.value;
      yield* items;
    } finally {
      await items.return(undefined);
    }
  })();
}

const formatOf = (out = ''): Format =>
  FORMATS.find((format) => extname(out) === `.${format}`) ?? 'jsonl';

async function* pagesOf(
  access: DataAccess,
  asked: { readonly collection: string; readonly workspace?: string },
): AsyncGenerator<readonly DocumentFields[], undefined> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: { readonly documents: readonly DocumentFields[]; readonly next?: string } =
      await access.call('export-page', { ...asked, after });
    yield page.documents;
    after = page.next;
  }
}

/**
 * Into a new file that only this user may read; on the disk when it resolves.
 *
 * @throws {CommandError} where it is there already or cannot be written; nothing is left of it then.
 */
export async function toFile(
  streams: readonly [Readable, ...Duplex[]],
  out: string,
): Promise<void> {
  const file = createWriteStream(out, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline([...streams, file]);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST')
      throw new CommandError(`${out} is there already and stays as it is. Choose another name.`);
    rmSync(out, { force: true });
    if (code === undefined) throw error;
    throw new CommandError(`${out} cannot be written (${code}). Nothing is left of it.`);
  }
}

async function toTerminal(lines: Readable): Promise<void> {
  try {
    await pipeline(lines, process.stdout, { end: false });
  } catch (error) {
    // Whoever read it has seen enough.
    if (codeOf(error) !== 'EPIPE') throw error;
  }
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code))
    ? String(error.code)
    : undefined;

type Documents = AsyncIterable<DocumentFields>;
type Writer = (documents: Documents, of: Collection | undefined) => AsyncIterable<string>;

const WRITERS: Readonly<Record<Format, Writer>> = { csv, json, jsonl };

async function* jsonl(documents: Documents): AsyncGenerator<string> {
  for await (const document of documents) yield `${JSON.stringify(document)}\n`;
}

async function* json(documents: Documents): AsyncGenerator<string> {
  let before = '[\n';
  for await (const document of documents) {
    yield `${before}${JSON.stringify(document)}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

async function* csv(documents: Documents, of: Collection | undefined): AsyncGenerator<string> {
  const columns = of === undefined ? [] : columnsOf(of);
  yield `${columns.map(({ name }) => cell(name)).join(',')}\n`;
  for await (const document of documents)
    yield `${columns.map(({ valueIn }) => cell(valueIn(document))).join(',')}\n`;
}

interface Column {
  readonly name: string;
  readonly valueIn: (document: DocumentFields) => unknown;
}

/** A column for each field; an object with fields of its own has one for each of them. */
const columnsOf = ({ primaryKey, ownFields, schema }: Collection): readonly Column[] =>
  [primaryKey, ...ownFields].flatMap((name): readonly Column[] => {
    const parts = schema.properties[name]?.properties;
    if (parts === undefined) return [{ name, valueIn: (document) => document[name] }];
    return Object.keys(parts).map((part) => ({
      name: `${name}.${part}`,
      valueIn: (document) => partOf(document[name], part),
    }));
  });

const partOf = (value: unknown, part: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[part]
    : undefined;

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\n\r;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
