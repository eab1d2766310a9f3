// Rows out of a CSV, JSON or JSON lines file, one by one, whatever is wrong with their neighbours.

import { open, readFile } from 'node:fs/promises';
import { CommandError } from '../../ops/commands.ts';
import { delimiterOf, readRecord } from './csv.ts';
import { readLines, type Lines } from './lines.ts';

/** Values by column; of JSON, by key. */
export type Values = ReadonlyMap<string, unknown>;

/** `line` counts from 1; in a JSON list it is the item's number. */
export type Item =
  | { readonly kind: 'row'; readonly line: number; readonly values: Values }
  | { readonly kind: 'unreadable'; readonly line: number; readonly reason: string };

export interface Source {
  readonly items: AsyncIterable<Item>;
  /** What `line` counts, in a word. */
  readonly unit: 'line' | 'item';
  /** Of a file that names them once. */
  readonly columns?: readonly string[];
}

const SNIFF_BYTES = 4_096;
const BOM = /^\uFEFF/;

/** @param onBytes Told how much has been read, for showing progress. */
export async function openSource(file: string, onBytes: (bytes: number) => void): Promise<Source> {
  const first = (await head(file)).replace(BOM, '').trimStart().slice(0, 1);
  if (first === '[' && !isCsvName(file)) return { items: jsonList(file, onBytes), unit: 'item' };
  const lines = readLines(file, onBytes);
  if (first === '{' && !isCsvName(file)) return { items: jsonLines(lines), unit: 'line' };
  return csv(lines);
}

const isCsvName = (file: string): boolean => /\.[ct]sv$/i.test(file);

async function head(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function csv(lines: Lines): Promise<Source> {
  const start = await lines.next();
  if (start === undefined) return { items: none(), unit: 'line', columns: [] };
  lines.giveBack([start]);
  const delimiter = delimiterOf(start.text);
  const header = await readRecord(lines, delimiter);
  if (header === undefined || 'reason' in header)
    throw new CommandError('The first line of the file does not name its columns.');
  const columns = header.cells.map((column) => column.trim());
  // Spreadsheets write empty columns at the end; what has no name is not read.
  const double = columns.find(
    (column, index) => column !== '' && columns.indexOf(column) !== index,
  );
  if (double !== undefined)
    throw new CommandError(`Two columns are called "${double}". Rename one of them.`);
  return { items: csvRows(lines, delimiter, columns), unit: 'line', columns };
}

async function* csvRows(
  lines: Lines,
  delimiter: string,
  columns: readonly string[],
): AsyncGenerator<Item> {
  for (;;) {
    const record = await readRecord(lines, delimiter, columns.length);
    if (record === undefined) return;
    const { line } = record;
    if ('reason' in record) yield { kind: 'unreadable', line, reason: record.reason };
    else {
      const values = new Map(columns.map((column, index) => [column, record.cells[index]]));
      yield { kind: 'row', line, values };
    }
  }
}

async function* jsonLines(lines: Lines): AsyncGenerator<Item> {
  for (;;) {
    const line = await lines.next();
    if (line === undefined) return;
    const { number, text } = line;
    if (text.trim() !== '') yield jsonItem(number, () => JSON.parse(text));
  }
}

async function* jsonList(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Item> {
  const text = await readFile(file, 'utf8');
  onBytes(Buffer.byteLength(text));
  const items = parsed(text.replace(BOM, ''));
  for (const [index, item] of items.entries()) yield jsonItem(index + 1, () => item);
}

function parsed(text: string): readonly unknown[] {
  try {
    // It begins with a bracket: what can be parsed is a list.
    return JSON.parse(text) as readonly unknown[];
  } catch {
    throw new CommandError('The file is not valid JSON. Nothing was imported.');
  }
}

function jsonItem(line: number, value: () => unknown): Item {
  try {
    const item = value();
    if (typeof item === 'object' && item !== null && !Array.isArray(item))
      return { kind: 'row', line, values: new Map(Object.entries(item)) };
    return { kind: 'unreadable', line, reason: 'It is not a JSON object.' };
  } catch {
    return { kind: 'unreadable', line, reason: 'It is not valid JSON.' };
  }
}

async function* none(): AsyncGenerator<Item> {}
