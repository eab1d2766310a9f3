import { expect, test } from 'vitest';
import {
  parsePushResponse,
  refusalOf,
  settledState,
  withdrawn,
} from '../../replication/push/answer.ts';
import type { PushResponse, PushRow } from '../../replication/index.ts';
import { foreign, notes } from './support/world.ts';

const doc = { ...foreign('a', 'mine'), rev: 0 };
const row: PushRow = { op: 'op', collection: 'notes', doc };
const asked = [{ row, id: 'a', collection: notes }];
const commit = { rev: 7, updatedAt: '2026-01-01T00:00:00.000Z', updatedBy: 'u1' };
const response = (results: PushResponse['results']): PushResponse => ({
  results,
  commit,
  head: 7,
  epoch: 'e1',
  now: 0,
});

test('an accepted insert is completed from the commit, an edit keeps who created it', () => {
  const result = { op: 'op', verdict: 'accepted' } as const;
  expect(settledState(row, result, response([result]))).toEqual({
    ...doc,
    ...commit,
    createdBy: 'u1',
  });
  const edit = { ...row, base: { rev: 3, clk: {} } };
  expect(settledState(edit, result, response([result])).createdBy).toBe('u2');
});

test('a delete of what the server has forgotten is a tombstone as it was written', () => {
  const deleted = { ...doc, _deleted: true, clk: { ...doc.clk, '-': 'stamp' } };
  const result = { op: 'op', verdict: 'accepted' } as const;
  const { commit: _commit, ...withoutCommit } = response([result]);
  const rows = [{ ...(asked[0] ?? { id: 'a', collection: notes }), row: { ...row, doc: deleted } }];
  expect(parsePushResponse(withoutCommit, rows)).toEqual(withoutCommit);
  expect(settledState({ ...row, doc: deleted }, result, withoutCommit)).toEqual({
    ...deleted,
    rev: 7,
  });
});

test('a document that is gone is a tombstone without a stamp of deletion, as of the answer', () => {
  const deleted = { ...doc, _deleted: true, clk: { ...doc.clk, '-': 'stamp' } };
  expect(withdrawn(deleted)).toEqual({ ...doc, _deleted: true });
  const bare = { op: 'op', verdict: 'rejected', doc: { id: 'a', _deleted: true } } as const;
  const superseded = { op: 'op', verdict: 'superseded' } as const;
  for (const result of [bare, superseded])
    for (const rev of [0, 12])
      expect(settledState({ ...row, doc: { ...doc, rev } }, result, response([result]))).toEqual({
        ...doc,
        _deleted: true,
        rev: 7,
      });
});

test('an answer is taken only when every row has its own result', () => {
  const result = { op: 'op', verdict: 'accepted' } as const;
  const { commit: _commit, ...withoutCommit } = response([result]);
  const other = { ...result, doc: foreign('b', 'another document') };
  for (const wrong of [
    undefined,
    'text',
    response([]),
    response([result, result]),
    response([{ ...result, op: 'other' }]),
    response([other]),
    withoutCommit,
    { ...response([]), results: [{ op: 'op', verdict: 'unheard of' }] },
  ])
    expect(parsePushResponse(wrong, asked)).toBeUndefined();
  expect(parsePushResponse(response([result]), asked)).toEqual(response([result]));
});

test('only verdicts under which nothing stands are kept for a person', () => {
  const of = (verdict: 'accepted' | 'merged' | 'superseded' | 'conflict' | 'rejected') =>
    refusalOf({ row, id: 'a' }, { op: 'op', verdict }, 5)?.code;
  expect([of('accepted'), of('merged'), of('superseded'), of('conflict'), of('rejected')]).toEqual([
    undefined,
    undefined,
    'superseded',
    'conflict',
    'rejected',
  ]);
});
