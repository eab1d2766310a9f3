// What a migration may change of a document, and what is the same afterwards.

import { describe, expect, it } from 'vitest';
import { migrateFrom, moveField, type DocumentFields } from '../../schemas/index.ts';
import { tasksAfter, tasksLater } from '../support/changed-schema.ts';

const stamp = (tick: number): string => `00000000000000000${tick}-aaaaaaaaaa000000`;
const before: DocumentFields = {
  id: 't',
  name: 'milk',
  note: '',
  color: 'red',
  clk: { '*': stamp(1), name: stamp(2), color: stamp(3), '-': stamp(4) },
  rev: 7,
  createdAt: 'then',
  updatedAt: 'now',
  createdBy: 'ada',
  updatedBy: 'bob',
  _deleted: true,
  _attachments: {},
};

describe('migrateFrom', () => {
  it('moves fields with their stamps, and drops stamps of fields that are no more', () => {
    const { name: _name, color: _color, ...kept } = before;
    expect(migrateFrom(tasksAfter, before, 0)).toEqual({
      ...kept,
      title: 'milk',
      priority: 0,
      clk: { '*': stamp(1), title: stamp(2), '-': stamp(4) },
    });
  });

  it('makes every step from the version that the document has', () => {
    expect(migrateFrom(tasksLater, before, 0)).toMatchObject({ title: 'milk', priority: 1 });
    const { priority } = migrateFrom(tasksLater, migrateFrom(tasksAfter, before, 0), 1);
    expect(priority).toBe(1);
    expect(migrateFrom(tasksLater, before, 2)).toBe(before);
  });

  it('leaves the key and what the server decides as they are, whatever the migration says', () => {
    const greedy = { ...tasksAfter, migrations: { 1: () => ({ id: 'x', rev: 0 }) } };
    const clk = { '*': stamp(1), '-': stamp(4) };
    expect(migrateFrom(greedy, before, 0)).toMatchObject({
      id: 't',
      rev: 7,
      updatedBy: 'bob',
      clk,
    });
  });

  it('has nothing to change where a document is only said to be gone', () => {
    const bare = { id: 't', _deleted: true };
    expect(migrateFrom(tasksAfter, bare, 0)).toBe(bare);
  });
});

it('moveField takes the stamps of keys along, and leaves out what has no value', () => {
  const clk = { '*': stamp(1), 'answers/a': stamp(2), answersToo: stamp(3) };
  expect(moveField({ answers: { a: 1 }, clk }, 'answers', 'replies')).toEqual({
    replies: { a: 1 },
    clk: { '*': stamp(1), 'replies/a': stamp(2), answersToo: stamp(3) },
  });
  expect(moveField({ clk: {} }, 'answers', 'replies')).toEqual({ clk: {} });
});
