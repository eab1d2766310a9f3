// The same content has the same text and the same operation id; other content has others. Changes of
// a document are found field by field.

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonical,
  changedEntries,
  CREATED,
  deviceOf,
  operationOf,
  ownHighest,
  sameClock,
  setValueAt,
  valueAt,
} from '../../replication/index.ts';
import { holds } from '../support/seed.ts';
import { formKind, hex, pinKind, stampText, versions } from './arbitraries.ts';

/** The same value with the keys of all its objects the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
}

const clock = fc
  .tuple(
    fc.dictionary(fc.string({ minLength: 1 }), stampText, { maxKeys: 8, noNullPrototype: true }),
    stampText,
  )
  .map(([entries, created]) => ({ ...entries, [CREATED]: created }));

describe('canonical text', () => {
  it('is the same whatever the order of keys, and reads back as the value', () => {
    holds(2_000, fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonical(value);
      expect(canonical(turned(value))).toBe(text);
      expect(canonical(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    });
  });

  it('is the same only for the same value', () => {
    const small = fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value)));
    holds(3_000, fc.tuple(small, small), ([left, right]) => {
      expect(canonical(left) === canonical(right)).toBe(isDeepStrictEqual(left, right));
    });
  });

  it('has no place for undefined', () => {
    expect(canonical(undefined)).toBe('');
    expect(canonical({ b: undefined, a: [undefined] })).toBe('{"a":[null]}');
  });
});

describe('an operation id', () => {
  it('is the same for the same content, whatever the order of its clock', () => {
    holds(2_000, fc.tuple(clock, hex(10), fc.boolean()), ([clk, device, deleted]) => {
      const again = turned(clk) as typeof clk;
      expect(operationOf(again, deleted, device)).toBe(operationOf(clk, deleted, device));
      expect(sameClock(again, clk)).toBe(true);
    });
  });

  it('is another one where a stamp, an entry or the deleted flag differs', () => {
    const values = fc.tuple(clock, hex(10), fc.boolean(), fc.string({ minLength: 1 }), stampText);
    holds(2_000, values, ([clk, device, deleted, entry, stamp]) => {
      const id = operationOf(clk, deleted, device);
      expect(operationOf(clk, !deleted, device)).not.toBe(id);
      const other = { ...clk, [entry]: stamp };
      if (sameClock(other, clk)) expect(operationOf(other, deleted, device)).toBe(id);
      else expect(operationOf(other, deleted, device)).not.toBe(id);
    });
  });

  it("begins with the device's highest stamp and fits the protocol's 64 characters", () => {
    holds(1_000, clock, (clk) => {
      const device = deviceOf(clk[CREATED] ?? '');
      const own = Object.values(clk).filter((stamp) => deviceOf(stamp) === device);
      const id = operationOf(clk, false, device);
      expect(id.slice(0, 35)).toBe(own.toSorted().at(-1));
      expect(id.slice(0, 35)).toBe(ownHighest(clk, device));
      expect(id.charAt(35)).toBe('~');
      expect(id.length).toBeLessThanOrEqual(64);
    });
  });

  it('takes the highest stamp of all where the device has none', () => {
    holds(500, clock, (clk) => {
      const id = operationOf(clk, false, 'no device ');
      expect(id.slice(0, 35)).toBe(Object.values(clk).toSorted().at(-1));
    });
  });
});

describe.each([
  ['pins', pinKind],
  ['forms', formKind],
])('changes of %s', (_name, kind) => {
  it('are exactly the entries whose values differ', () => {
    holds(1_000, versions(kind, 2), ([before = {}, after = {}]) => {
      const changed = new Set(changedEntries(kind.collection, before, after));
      for (const entry of kind.entries) {
        const values = [before, after].map((version) => valueAt(kind.collection, version, entry));
        expect(changed.has(entry)).toBe(canonical(values[0]) !== canonical(values[1]));
      }
      expect(changed.size).toBeLessThanOrEqual(kind.entries.length);
    });
  });

  it('turn one version into the other, without touching either', () => {
    holds(1_000, versions(kind, 2), ([before = {}, after = {}]) => {
      const kept = canonical([before, after]);
      const result: Record<string, unknown> = { ...before };
      for (const entry of changedEntries(kind.collection, before, after))
        setValueAt(kind.collection, result, entry, valueAt(kind.collection, after, entry));
      expect(changedEntries(kind.collection, result, after)).toEqual([]);
      expect(canonical([before, after])).toBe(kept);
    });
  });
});
