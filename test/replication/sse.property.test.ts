import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser, type ServerEvent } from '../../replication/feed/sse.ts';
import { holds } from '../support/seed.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/[\r\n\0]/g, '_'));
const event = fc.record({
  id: line,
  data: fc.array(line, { minLength: 1, maxLength: 3 }),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
});
const write = ({ id, data, lineEnd }: { id: string; data: string[]; lineEnd: string }): string =>
  [`id: ${id}`, ...data.map((text) => `data: ${text}`), ': a comment', '', ''].join(lineEnd);

test('events come out whole wherever the chunks are cut', () => {
  holds(
    2_000,
    fc.tuple(fc.array(event, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 8 })),
    ([events, cuts]) => {
      const bytes = bytesOf(`${events.map(write).join('')}: end\n`);
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
        (a, b) => a - b,
      );
      const parse = createEventParser();
      const parsed: ServerEvent[] = [];
      for (const [index, place] of places.entries())
        parsed.push(...parse(bytes.slice(places[index - 1] ?? 0, place)));
      expect(parsed.map(({ id, data }) => ({ id, data }))).toEqual(
        events.map(({ id, data }) => ({ id, data: data.join('\n') })),
      );
    },
  );
});

test('an event without data is no event, and its name does not stick', () => {
  const parse = createEventParser();
  const parsed = parse(bytesOf('event: bye\n\ndata: 1\n\nevent: bye\ndata\n\n'));
  expect(parsed).toEqual([
    { event: 'message', id: undefined, data: '1' },
    { event: 'bye', id: undefined, data: '' },
  ]);
});
