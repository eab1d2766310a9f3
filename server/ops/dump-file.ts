// A dump as text: a line that says what it is, a line for each part, and a last one that seals them.

import { createHash } from 'node:crypto';
import type { Part } from '../store/port/dump.ts';
import { CommandError } from './command-error.ts';

/** Raised with every change of a part. */
const VERSION = 1;
const CHUNK_LENGTH = 64 * 1_024;

interface FirstLine {
  readonly holdfast: 'everything';
  readonly version: number;
}
interface LastLine {
  readonly end: { readonly parts: number; readonly sha256: string };
}

/** In pieces of about the same length, which may end anywhere. */
export async function* textOf(parts: AsyncIterable<Part>): AsyncGenerator<string> {
  const first: FirstLine = { holdfast: 'everything', version: VERSION };
  const hash = createHash('sha256');
  let count = 0;
  let chunk = `${JSON.stringify(first)}\n`;
  for await (const part of parts) {
    count += 1;
    // Texts keep the order of their keys: they are stored as they stand here.
    chunk += `${JSON.stringify(part)}\n`;
    if (chunk.length < CHUNK_LENGTH) continue;
    hash.update(chunk);
    yield chunk;
    chunk = '';
  }
  hash.update(chunk);
  const last: LastLine = { end: { parts: count, sha256: hash.digest('hex') } };
  yield `${chunk}${JSON.stringify(last)}\n`;
}

/**
 * What stands in the lines. It can be relied on once all of it has been read.
 *
 * @throws {CommandError} where they are not what `textOf` wrote, whole and unchanged.
 */
export async function* partsIn(lines: AsyncIterable<string>): AsyncGenerator<Part> {
  const hash = createHash('sha256');
  let count = -1;
  let last: LastLine | undefined;
  for await (const line of lines) {
    if (last !== undefined) throw altered();
    const value = parsed(line, count < 0);
    if ('end' in value) {
      last = value;
      continue;
    }
    hash.update(`${line}\n`);
    count += 1;
    if ('holdfast' in value) checkFirst(value, count);
    else if (count === 0) throw other();
    else yield value;
  }
  if (count < 0) throw other();
  if (last === undefined)
    throw new CommandError('The file was cut off: its last line is missing. Export again.');
  if (last.end.parts !== count || last.end.sha256 !== hash.digest('hex')) throw altered();
}

const altered = (): CommandError =>
  new CommandError('The file is not as it was written: something in it was changed. Export again.');
const other = (): CommandError =>
  new CommandError('The file was not written by "export --all". Nothing in it can be used.');

function parsed(line: string, isFirst: boolean): FirstLine | Part | LastLine {
  try {
    const value: unknown = JSON.parse(line);
    // The seal says whether the rest of it is right.
    if (typeof value === 'object' && value !== null) return value as FirstLine | Part | LastLine;
  } catch {
    // Told below.
  }
  throw isFirst ? other() : altered();
}

function checkFirst({ version }: FirstLine, count: number): void {
  if (count !== 0) throw altered();
  if (version !== VERSION)
    throw new CommandError(
      `The file was written by another version of Holdfast (form ${version}; this one knows ${VERSION}). Use the version that wrote it.`,
    );
}
