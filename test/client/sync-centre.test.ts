// The Sync centre's pure parts: items and groups, words, the chart's scale, the activity's filters
// and table, copies, and the form made from a schema.

import { describe, expect, it } from 'vitest';
import { activityCsv, filterOf, findActivity } from '../../client/queries/sync/activity.ts';
import { copyName, jsonCopy, readableText } from '../../client/queries/sync/copies.ts';
import type { Written } from '../../client/queries/sync/use-words.ts';
import { wordsOf } from '../../client/queries/inbox/faces.ts';
import { findItem, itemsOf } from '../../client/queries/sync/items.ts';
import { averageOf, formatLatency, samplesOf, stepFor } from '../../client/queries/sync/latency.ts';
import {
  attemptsWords,
  countWords,
  verdictWords,
  verifiedWords,
} from '../../client/queries/sync/words.ts';
import { parseRoute, syncTab } from '../../client/router.ts';
import { describeStatus } from '../../client/sync/describe-status.ts';
import type { Activity, OutboxRecord, Sample, SyncStatus } from '../../replication/index.ts';
import { here, NOW, record } from './outbox-record.ts';

const NO_COUNTS = { pending: 0, syncing: 0, failed: 0, rejected: 0, synced: 0 };
const outbox = (records: readonly OutboxRecord[], counts: Partial<typeof NO_COUNTS> = {}) => ({
  records,
  counts: { ...NO_COUNTS, ...counts },
});
const group = { id: 'g', label: 'Sale of 3 items' };

describe('the outbox’s items', () => {
  it('fold writes that belong together under their label, where the first of them stands', () => {
    const { waiting } = itemsOf(
      outbox([
        record('a'),
        record('b', { group, createdAtMs: NOW - 5 }),
        record('c'),
        record('d', { group, state: 'failed', attempts: 3, lastError: 'Busy', lastAttemptAtMs: 7 }),
      ]),
    );
    expect(waiting.map(({ key }) => key)).toEqual(['pins/a', 'g', 'pins/c']);
    expect(waiting[1]).toMatchObject({
      label: group.label,
      state: 'failed',
      attempts: 3,
      lastError: 'Busy',
      createdAtMs: NOW - 5,
      members: [{ id: 'b' }, { id: 'd' }],
    });
  });

  it('say how many wait that are not listed', () => {
    const records = Array.from({ length: 100 }, (_, at) => record(String(at)));
    expect(itemsOf(outbox(records, { pending: 1_990, syncing: 8, failed: 2 })).more).toBe(1_900);
    expect(itemsOf(outbox(records, { pending: 100 })).more).toBe(0);
  });

  it('leave to the inbox what lost to somebody else', () => {
    const { refused, failed, finished } = itemsOf(
      outbox([
        record('a', { state: 'rejected', verdict: 'rejected' }),
        record('b', { state: 'rejected', verdict: 'conflict' }),
        record('c', { state: 'failed' }),
        record('d', { state: 'synced', verdict: 'merged' }),
      ]),
    );
    expect([refused, failed, finished].map((items) => items.map(({ key }) => key))).toEqual([
      ['op-a'],
      ['pins/c'],
      ['op-d'],
    ]);
  });

  it('are found by their name, by an operation and by a record in them', () => {
    const { waiting } = itemsOf(outbox([record('a'), record('b', { group })]));
    for (const name of ['g', 'op-b', 'pins/b']) expect(findItem(waiting, name)?.key).toBe('g');
    expect(findItem(waiting, 'pins/x')).toBeUndefined();
  });
});

describe('words', () => {
  it('count what waits by its state', () => {
    expect(countWords({ ...NO_COUNTS, pending: 1_200, syncing: 1, failed: 2 })).toBe(
      '1,200 waiting, 1 being sent, 2 could not be sent',
    );
    expect(countWords(NO_COUNTS)).toBe('');
    expect([0, 1, 3].map(attemptsWords)).toEqual(['', 'tried once', 'tried 3 times']);
  });

  it('say how a write, or each of several, was judged', () => {
    const members = [record('a', { verdict: 'accepted' }), record('b', { verdict: 'superseded' })];
    expect(verdictWords({ members })).toBe('Accepted. Somebody else’s newer change stands');
    expect(verdictWords({ members: [record('a', { verdict: 'accepted' })] })).toBe('Accepted');
  });

  it('say what differs from the server', () => {
    const same = { collection: 'pins', equal: true, missing: [], extra: [], different: [] };
    expect(verifiedWords(same)).toBe('Pins: equal');
    expect(verifiedWords({ ...same, equal: false, missing: ['a', 'b'], different: ['c'] })).toBe(
      'Pins: 2 are missing here, 1 is here in another version',
    );
  });

  const status: SyncStatus = {
    state: 'attention',
    pendingKeys: [],
    pending: 1,
    refused: 1,
    failed: 1,
    conflicts: 1,
    pushing: 'waiting',
    leader: true,
  };

  it('count down to the next try where the server can’t be reached', () => {
    const at = (nextTryAtMs: number): string =>
      describeStatus({ ...status, state: 'unreachable', nextTryAtMs }, NOW).sentence;
    expect(at(NOW + 7_500)).toContain('starts in 8\u00A0s.');
    expect(at(NOW)).toContain('starts now.');
  });

  it('count what failed among what needs a person', () => {
    expect(describeStatus(status, NOW).words).toBe('3 need you');
    const one = describeStatus({ ...status, refused: 0, conflicts: 0 }, NOW);
    expect(one.words).toBe('1 needs you');
    expect(one.sentence).toContain('tried again');
  });
});

describe('the chart', () => {
  it('has a scale of round steps, four of which reach the longest', () => {
    for (const [largest, step] of [
      [0, 1],
      [3, 1],
      [130, 50],
      [400, 100],
      [401, 200],
      [810, 250],
      [60_000, 20_000],
    ] as const)
      expect(stepFor(largest), String(largest)).toBe(step);
  });

  it('shows the latest of one kind, with their average', () => {
    const samples: readonly Sample[] = Array.from({ length: 100 }, (_, at) => ({
      atMs: at,
      kind: at % 2 === 0 ? 'push' : 'pull',
      latencyMs: at,
      rows: 1,
    }));
    const pushes = samplesOf(samples, 'push');
    expect([pushes.length, pushes[0]?.atMs, pushes.at(-1)?.atMs]).toEqual([40, 20, 98]);
    expect(averageOf(pushes)).toBe(59);
    expect(averageOf([])).toBeUndefined();
    expect([4.4, 999, 1_449].map(formatLatency)).toEqual(['4 ms', '999 ms', '1.4 s']);
  });
});

describe('the activity', () => {
  const entries: readonly Activity[] = [
    { id: '3', atMs: NOW, kind: 'error', code: 'trouble', message: 'No answer', detail: '=1+1' },
    { id: '2', atMs: NOW, kind: 'conflict', code: 'conflict', message: 'Two versions' },
    {
      id: '1',
      atMs: NOW,
      kind: 'info',
      code: 'sent',
      message: 'Sent 1 change.',
      records: [{ collection: 'pins', id: 'a' }],
    },
  ];
  const found = (...of: [filter: Parameters<typeof findActivity>[1], search: string]) =>
    findActivity(entries, ...of).map(({ id }) => id);

  it('is filtered by what the address asks for, and searched in its details, too', () => {
    expect(filterOf(new URLSearchParams('show=errors'))).toBe('errors');
    expect(filterOf(new URLSearchParams('show=nonsense'))).toBe('all');
    expect([found('all', ''), found('errors', ''), found('conflicts', '')]).toEqual([
      ['3', '2', '1'],
      ['3'],
      ['2'],
    ]);
    expect([found('all', '1+1'), found('all', 'VERSIONS two'), found('errors', 'sent')]).toEqual([
      ['3'],
      ['2'],
      [],
    ]);
  });

  it('becomes a table that no spreadsheet takes for formulas', () => {
    const lines = activityCsv(entries, 'UTC').split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain(`,error,No answer,'=1+1,`);
    expect(lines[3]).toContain('2026-11-28T20:00:00.000Z,info,Sent 1 change.,,pins/a');
  });
});

describe('a copy', () => {
  const contents = [
    {
      collection: 'pins',
      id: 'a',
      document: {
        id: 'a',
        title: 'North gate',
        kind: 'site',
        notes: '',
        clk: { '*': 'x' },
        rev: 7,
        _deleted: false,
      },
    },
  ];

  it('as text has each field under the record’s name', () => {
    const writes = contents.map(({ collection, document }) => ({ collection, doc: document }));
    const words = ({ collection, doc }: Written, entry: string): string =>
      wordsOf(collection, entry, doc, here);
    const text = readableText('Changed pin “North gate”', writes, words, here);
    expect(text).toContain('Pin, North gate\nTitle: North gate\nKind: Site\n');
    expect(text).not.toContain('clk');
  });

  it('as a file has what a person wrote, without the marks of syncing', () => {
    expect(JSON.parse(jsonCopy('Changed pin', contents, NOW))).toEqual({
      what: 'Changed pin',
      savedAt: '2026-11-28T20:00:00.000Z',
      records: [
        {
          collection: 'pins',
          id: 'a',
          deleted: false,
          fields: { id: 'a', title: 'North gate', kind: 'site', notes: '' },
        },
      ],
    });
  });

  it('has a name that every system takes', () => {
    expect(copyName('New pin “North/gate: ”', NOW)).toBe(
      'holdfast-new-pin-north-gate-2026-11-28.json',
    );
    expect(copyName('“”', NOW)).toBe('holdfast-copy-2026-11-28.json');
  });
});

it('each tab of the Sync centre has an address', () => {
  expect(parseRoute('/sync/needs-you?item=g')).toMatchObject({ screen: 'sync', open: 'needs-you' });
  expect(parseRoute('/sync/a/b').screen).toBe('unknown');
  expect([syncTab(undefined), syncTab('device'), syncTab('nonsense')]).toEqual([
    'waiting',
    'device',
    undefined,
  ]);
});
