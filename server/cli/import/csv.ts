// Records of a CSV file. A parser over the whole file loses its place at a wrong quote and takes
// good rows with it; here a record that cannot be read costs its first line, and reading goes on
// with the next one.

import { parse } from 'csv-parse/sync';
import type { Line, Lines } from './lines.ts';

export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly reason: string };

/** Far more than a cell has; without a bound, a quote that is never closed would take all. */
const MAX_LINES = 1_000;

/** Spreadsheets write semicolons in countries with decimal commas. */
export function delimiterOf(header: string): string {
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/**
 * The next record, or `undefined` at the end.
 *
 * @param width How many cells it must have; the header's own is not known yet.
 */
export async function readRecord(
  lines: Lines,
  delimiter: string,
  width?: number,
): Promise<CsvRecord | undefined> {
  const first = await firstLine(lines);
  if (first === undefined) return undefined;
  const taken = [first];
  const refuse = (reason: string): CsvRecord => {
    lines.giveBack(taken.slice(1));
    return { line: first.number, reason };
  };
  for (;;) {
    const cells = cellsOf(taken, delimiter);
    if (typeof cells === 'object')
      return width === undefined || cells.length === width
        ? { line: first.number, cells }
        : refuse(`It has ${cells.length} values where the header has ${width} columns.`);
    if (cells === 'wrong') return refuse('It is not valid CSV: a quote stands where none may be.');
    // A cell goes on in the next lines, up to one with another quote.
    for (let closes = false; !closes;) {
      const next = taken.length < MAX_LINES ? await lines.next() : undefined;
      if (next === undefined) return refuse('It is not valid CSV: a quote is never closed.');
      taken.push(next);
      closes = next.text.includes('"');
    }
  }
}

async function firstLine(lines: Lines): Promise<Line | undefined> {
  for (;;) {
    const line = await lines.next();
    if (line === undefined || line.text.trim() !== '') return line;
  }
}

function cellsOf(
  lines: readonly Line[],
  delimiter: string,
): readonly string[] | 'unfinished' | 'wrong' {
  const text = lines.map((line) => line.text).join('\n');
  if (!text.includes('"')) return text.split(delimiter);
  try {
    return parse(text, { delimiter })[0] ?? [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'CSV_QUOTE_NOT_CLOSED' ? 'unfinished' : 'wrong';
  }
}
