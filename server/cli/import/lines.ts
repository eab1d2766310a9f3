// A file's lines, one by one, numbered from 1; lines can be given back to be read once more.

import { createReadStream } from 'node:fs';

export interface Line {
  readonly number: number;
  readonly text: string;
}

export interface Lines {
  readonly next: () => Promise<Line | undefined>;
  readonly giveBack: (lines: readonly Line[]) => void;
}

/** Node's own readline also ends lines at U+2028, which may stand inside a JSON text or a cell. */
async function* split(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  const stream = createReadStream(file);
  stream.on('data', (chunk) => {
    onBytes(chunk.length);
  });
  stream.setEncoding('utf8');
  const line = (text: string): Line => {
    number += 1;
    return { number, text: (number === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, '') };
  };
  for await (const chunk of stream) {
    const texts = (rest + String(chunk)).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) yield line(text);
  }
  if (rest !== '') yield line(rest);
}

/** @param onBytes Told how much has been read, for showing progress. */
export function readLines(file: string, onBytes: (bytes: number) => void): Lines {
  const source = split(file, onBytes);
  const waiting: Line[] = [];
  return {
    next: async () => waiting.shift() ?? (await source.next()).value ?? undefined,
    giveBack: (lines) => {
      waiting.unshift(...lines);
    },
  };
}
