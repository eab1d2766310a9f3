// A file's lines, one by one, numbered from 1; lines can be given back to be read once more.

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

export interface Line {
  readonly number: number;
  readonly text: string;
}

export interface Lines {
  readonly next: () => Promise<Line | undefined>;
  readonly giveBack: (lines: readonly Line[]) => void;
}

/**
 * A text's lines without their ends. Node's own readline also ends lines at U+2028, which may stand
 * inside a JSON text or a cell.
 */
export async function* linesIn(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const texts = (rest + String(chunk)).split('\n');
    rest = texts.pop() ?? '';
    yield* texts;
  }
  if (rest !== '') yield rest;
}

async function* numbered(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Line> {
  let number = 0;
  const stream = createReadStream(file);
  stream.on('data', (chunk) => {
    onBytes(chunk.length);
  });
  for await (const text of linesIn(stream)) {
    number += 1;
    yield { number, text: (number === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, '') };
  }
}

/** @param onBytes Told how much has been read, for showing progress. */
export function readLines(file: string, onBytes: (bytes: number) => void): Lines {
  const source = numbered(file, onBytes);
  const waiting: Line[] = [];
  return {
    next: async () => waiting.shift() ?? (await source.next()).value ?? undefined,
    giveBack: (lines) => {
      waiting.unshift(...lines);
    },
  };
}
