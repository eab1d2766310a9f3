// Merging by field gives every device the same document, whatever the order in which versions meet.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advanceVector,
  canonical,
  changedEntries,
  CREATED,
  DELETED,
  deviceOf,
  entriesOf,
  isLater,
  joinVectors,
  knows,
  mergeFieldLww,
  stampAt,
  valueAt,
  type WireDocument,
} from '../../replication/index.ts';
import { defineCollection, fieldLww, integer, text } from '../../schemas/index.ts';
import { validatorOf } from '../../schemas/validate.ts';
import { holds } from '../support/seed.ts';
import { formKind, hex, pinKind, stampText, versions, type Kind } from './arbitraries.ts';

/** With those of the other files, above 100,000 cases. */
const RUNS = 4_500;
type Pair = readonly [WireDocument, WireDocument];
type Triple = readonly [WireDocument, WireDocument, WireDocument];
const pairs = (kind: Kind, copied = false) =>
  versions(kind, 2, copied) as unknown as fc.Arbitrary<Pair>;
const triples = (kind: Kind, copied = false) =>
  versions(kind, 3, copied) as unknown as fc.Arbitrary<Triple>;

describe.each([
  ['pins', pinKind],
  ['forms, answer by answer', formKind],
])('merging %s', (_name, kind) => {
  const { collection } = kind;
  const merge = (left: WireDocument, right: WireDocument): WireDocument =>
    mergeFieldLww(collection, left, right);
  const same = (left: WireDocument, right: WireDocument): void => {
    expect(canonical(left)).toBe(canonical(right));
  };

  it.each([false, true])('does not depend on the side (copied device: %s)', (copied) => {
    holds(RUNS, pairs(kind, copied), ([left, right]) => {
      same(merge(left, right), merge(right, left));
    });
  });

  it.each([false, true])('does not depend on the order (copied device: %s)', (copied) => {
    holds(RUNS, triples(kind, copied), ([first, second, third]) => {
      same(merge(merge(first, second), third), merge(first, merge(second, third)));
    });
  });

  it('changes nothing the second time', () => {
    holds(RUNS, pairs(kind), ([left, right]) => {
      same(merge(left, left), left);
      const merged = merge(left, right);
      same(merge(merged, right), merged);
      same(merge(left, merged), merged);
    });
  });

  it('keeps for each field the value with the higher stamp', () => {
    holds(RUNS, pairs(kind), ([left, right]) => {
      const merged = merge(left, right);
      for (const entry of kind.entries) {
        const leftStamp = stampAt(left.clk ?? {}, entry);
        const rightStamp = stampAt(right.clk ?? {}, entry);
        const winner = isLater(leftStamp, rightStamp) ? left : right;
        expect(valueAt(collection, merged, entry)).toEqual(valueAt(collection, winner, entry));
        expect(stampAt(merged.clk ?? {}, entry)).toBe(stampAt(winner.clk ?? {}, entry));
      }
    });
  });

  it('keeps stamps only of fields that changed after creation', () => {
    holds(RUNS, pairs(kind), ([left, right]) => {
      const {
        [CREATED]: created = '',
        [DELETED]: _deleted,
        ...changed
      } = merge(left, right).clk ?? {};
      for (const stamp of Object.values(changed)) expect(isLater(stamp, created)).toBe(true);
    });
  });

  it('keeps a delete, with its highest stamp', () => {
    holds(RUNS, pairs(kind), ([left, right]) => {
      const merged = merge(left, right);
      const stamps = [left, right].map((version) => version.clk?.[DELETED] ?? '');
      expect(merged._deleted === true).toBe(left._deleted === true || right._deleted === true);
      expect(merged.clk?.[DELETED] ?? '').toBe(stamps.toSorted().at(-1));
    });
  });

  it('gives a document that fits the schema', () => {
    const validate = validatorOf(collection);
    holds(RUNS, pairs(kind), ([left, right]) => {
      expect(validate(left)).toBeUndefined();
      expect(validate(merge(left, right))).toBeUndefined();
    });
  });

  it('leaves both versions as they were', () => {
    holds(500, pairs(kind), ([left, right]) => {
      const before = canonical([left, right]);
      merge(left, right);
      expect(canonical([left, right])).toBe(before);
    });
  });

  it("never takes a field of the server or the key from the other side's clock", () => {
    const field = fc.constantFrom('id', 'rev', 'createdAt', 'createdBy', 'updatedBy', '_deleted');
    holds(500, fc.tuple(pairs(kind), field), ([[left, right], name]) => {
      const stored = { ...left, rev: 7, createdBy: 'mara', _deleted: false };
      const pushed = {
        ...right,
        id: 'other',
        rev: 99,
        createdBy: 'somebody',
        createdAt: 'x',
        _deleted: false,
        clk: { ...right.clk, [name]: 'f'.repeat(18) + '-' + 'f'.repeat(16) },
      };
      const merged = merge(stored, pushed);
      expect(merged).toMatchObject({ id: 'one', rev: 7, createdBy: 'mara', _deleted: false });
      expect(merged).not.toHaveProperty('createdAt');
      expect(merged.clk).not.toHaveProperty(name);
    });
  });
});

describe('the entries of a document', () => {
  it('are each field, or each key of a per-key field, but none of the envelope', () => {
    holds(500, versions(formKind, 1), ([document = {}]) => {
      const entries = entriesOf(formKind.collection, { ...document, rev: 1, updatedBy: 'mara' });
      const answers = Object.keys(document['answers'] ?? {}).map((key) => `answers/${key}`);
      expect([...entries].toSorted()).toEqual(['pin', 'template', ...answers].toSorted());
    });
  });
});

describe('a derived field', () => {
  const collection = defineCollection({
    name: 'shelves',
    label: { one: 'shelf', many: 'shelves' },
    version: 0,
    fields: { name: text(20), stock: integer(0, 100) },
    derived: { stock: { from: 'movements', amount: 'amount', by: 'product' } },
    policy: fieldLww(),
    sample: () => ({ name: '', stock: 0 }),
  });
  const stored = { id: 'one', name: 'low', stock: 5, clk: { [CREATED]: 'a' } };
  const pushed = {
    id: 'one',
    name: 'top',
    stock: 9,
    clk: { [CREATED]: 'a', stock: 'c', name: 'b' },
  };

  it("keeps the server's value, whatever a client wrote or stamped", () => {
    expect(mergeFieldLww(collection, stored, pushed)).toEqual({
      id: 'one',
      name: 'top',
      stock: 5,
      clk: { [CREATED]: 'a', name: 'b' },
    });
  });

  it('never counts as changed', () => {
    expect(changedEntries(collection, stored, pushed)).toEqual(['name']);
  });
});

describe('version vectors', () => {
  const vector = fc.dictionary(hex(1), stampText, { maxKeys: 6, noNullPrototype: true });

  it('join to the same whatever the order, and twice is once', () => {
    holds(1_000, fc.tuple(vector, vector, vector), ([first, second, third]) => {
      const joined = joinVectors(joinVectors(first, second), third);
      expect(joinVectors(first, joinVectors(third, second))).toEqual(joined);
      expect(joinVectors(joined, second)).toEqual(joined);
    });
  });

  it('contain a write after it, and lose nothing by it', () => {
    holds(1_000, fc.tuple(vector, stampText), ([before, stamp]) => {
      const after = advanceVector(before, stamp);
      expect(isLater(stamp, after[deviceOf(stamp)] ?? '')).toBe(false);
      for (const [device, known] of Object.entries(before))
        expect(isLater(known, after[device] ?? '')).toBe(false);
    });
  });

  it('are ordered by what they know, and only equal ones know each other', () => {
    const near = fc.dictionary(hex(1), fc.constantFrom('a', 'b', 'c'), {
      maxKeys: 3,
      noNullPrototype: true,
    });
    holds(3_000, fc.tuple(near, near, near), ([first, second, third]) => {
      expect(knows(first, first)).toBe(true);
      if (knows(first, second) && knows(second, first)) expect(first).toEqual(second);
      if (knows(first, second) && knows(second, third)) expect(knows(first, third)).toBe(true);
    });
  });

  it('join to the least that knows both', () => {
    const near = fc.dictionary(hex(1), fc.constantFrom('a', 'b'), {
      maxKeys: 3,
      noNullPrototype: true,
    });
    holds(3_000, fc.tuple(near, near, near), ([first, second, other]) => {
      const joined = joinVectors(first, second);
      expect(knows(joined, first) && knows(joined, second)).toBe(true);
      if (knows(other, first) && knows(other, second)) expect(knows(other, joined)).toBe(true);
    });
  });
});
