// A dump as a file: whole and unchanged, or refused; and two stores held against each other.

import { expect, it } from 'vitest';
import fc from 'fast-check';
import { differencesBetween } from '../../server/ops/compare.ts';
import { partsIn, textOf } from '../../server/ops/dump-file.ts';
import { CommandError } from '../../server/ops/command-error.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import type { Part } from '../../server/store/port/dump.ts';
import type { Store } from '../../server/store/port/port.ts';
import { HERE, put } from '../contract/place.ts';
import { SEED } from '../support/seed.ts';

const openFilled = async (): Promise<Store> => {
  const store = openMemoryStore({ now: () => 5 });
  await put(store, [
    { id: 'a', text: '{"b":1,"a":"é \u2028 😀"}' },
    { id: 'b', keys: ['x'] },
  ]);
  await put(store, [{ id: 'b' }, { id: 'f', collection: 'forms' }]);
  await store.writeRecords([
    { kind: 'user', id: 'ada', value: { name: 'Ada' } },
    { kind: 'workspace', id: HERE, value: { name: 'Harbour' } },
  ]);
  return store;
};
const collect = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
async function* given<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
const linesOf = (text: string): AsyncIterable<string> =>
  given(text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n'));
const read = (text: string): Promise<readonly Part[]> => collect(partsIn(linesOf(text)));

it('what was written is read as it was, the order of keys too', async () => {
  const parts = await collect((await openFilled()).dump());
  const text = (await collect(textOf(given(parts)))).join('');
  expect((await read(text)).map((part) => JSON.stringify(part))).toEqual(
    parts.map((part) => JSON.stringify(part)),
  );
});

it('a large dump comes in pieces', async () => {
  const store = openMemoryStore();
  await put(
    store,
    Array.from({ length: 2_000 }, (_, index) => ({ id: `p-${index}` })),
  );
  const pieces = await collect(textOf(store.dump()));
  expect(pieces.length).toBeGreaterThan(3);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(70_000);
  expect(await read(pieces.join(''))).toHaveLength(2_003);
});

it('a file that was cut off anywhere, or changed in one character, is refused', async () => {
  const text = (await collect(textOf((await openFilled()).dump()))).join('');
  const refused = async (broken: string): Promise<void> => {
    await expect(read(broken)).rejects.toThrow(CommandError);
  };
  const at = fc.nat(text.length - 2);
  await fc.assert(
    fc.asyncProperty(at, (length) => refused(text.slice(0, length))),
    { seed: SEED, numRuns: 100 },
  );
  const other = fc.constantFrom('0', '1', 'x', '"', '\n', ',', ' ', '\ufffd');
  await fc.assert(
    fc.asyncProperty(at, other, async (index, character) => {
      fc.pre(text[index] !== character);
      await refused(text.slice(0, index) + character + text.slice(index + 1));
    }),
    { seed: SEED, numRuns: 300 },
  );
  const lines = text.split('\n');
  await refused([...lines.slice(0, 2), ...lines.slice(3)].join('\n'));
  await refused(text + text);
});

it('a refusal says what is wrong', async () => {
  const text = (await collect(textOf((await openFilled()).dump()))).join('');
  const last = text.trimEnd().lastIndexOf('\n');
  for (const [broken, sentence] of [
    ['', 'was not written by "export --all"'],
    ['These are notes.', 'was not written by "export --all"'],
    ['{"id":"a"}\n{"id":"b"}', 'was not written by "export --all"'],
    [text.replace('"version":1', '"version":99'), 'another version of Holdfast (form 99;'],
    [text.slice(0, last + 1), 'its last line is missing'],
    [text.replace('Ada', 'Eve'), 'something in it was changed'],
  ] as const)
    await expect(read(broken)).rejects.toThrow(sentence);
});

it('stores that are the same have no differences, in whatever order their keys are', async () => {
  const store = await openFilled();
  const turned = (await collect(store.dump())).map(
    (part) => Object.fromEntries(Object.entries(part).toReversed()) as unknown as Part,
  );
  expect(await collect(differencesBetween(store.dump(), given(turned)))).toEqual([]);
});

it('what differs is named by workspace and kind, with the counts', async () => {
  const parts = await collect((await openFilled()).dump());
  const changed = parts.flatMap((part): readonly Part[] => {
    if (part.part === 'store') return [{ ...part, epoch: 'other' as typeof part.epoch }];
    if (part.part === 'record' && part.kind === 'user') return [];
    if (part.part === 'left') return [];
    if (part.part === 'document' && part.id === 'b') return [{ ...part, text: '{}' }];
    if (part.part === 'document' && part.id === 'f') return [part, { ...part, id: 'g' }];
    return [part];
  });
  expect(await collect(differencesBetween(given(parts), given(changed)))).toEqual([
    'epoch: 1 in both, but not the same.',
    'records of the kind "user": 1 in the file, 0 in the data.',
    'Harbour: documents of forms: 1 in the file, 2 in the data.',
    'Harbour: documents of pins: 2 in both, but not the same.',
    'Harbour: documents of pins that somebody may no longer read: 1 in the file, 0 in the data.',
  ]);
});
