// Rows of an older program get client_ids: what matches, what does not, and the way back.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { careApi, MORNING, type CareApi } from '../support/care-api.ts';
import { startLiveServer, type LiveServer } from '../support/live-server.ts';

let live: LiveServer;
let api: CareApi;
beforeEach(async () => {
  live = await startLiveServer();
  api = careApi(live.url, await live.keyFor('ada'));
});
afterEach(() => live.stop());

type Fields = Record<string, unknown>;
interface Report {
  readonly applied: boolean;
  readonly run: string | null;
  readonly matched: readonly Fields[];
  readonly ambiguous: readonly Fields[];
  readonly unmatched: readonly Fields[];
}

const at = (hour: number): string => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const feeding = (id: string, hour: number, amount = 100) => ({
  ...MORNING,
  client_id: id,
  feeding_time: at(hour),
  amount_ml: amount,
});
const backfill = async (rows: readonly Fields[], apply?: boolean): Promise<Report> => {
  const reply = await api('POST', '/backfill-client-ids', { rows, apply });
  expect(reply).toMatchObject({ status: 200, body: { success: true } });
  return reply.body as unknown as Report;
};
const undo = async (run: string | null, by = api) => by('POST', `/backfill-client-ids/${run}/undo`);
const stored = async (): Promise<readonly Fields[]> =>
  (await api('GET')).body['records'] as Fields[];

/** One match with other values, two feedings at ten, two rows at eleven, two rows without match. */
const ROWS: readonly Fields[] = [
  { feeding_time: '2026-03-01T10:00:00+01:00', amount_ml: 80, legacy_id: 1 },
  { feeding_time: at(10), legacy_id: 2 },
  { feeding_time: at(11), legacy_id: 'x' },
  { feeding_time: at(11), amount_ml: 5 },
  { feeding_time: at(12), food_type: 'puree', amount_ml: 60, notes: 'Carrots' },
  { feeding_time: at(13), notes: 'Unknown' },
];
const prepare = async (): Promise<void> => {
  for (const one of [feeding('nine', 9), feeding('ten-1', 10), feeding('ten-2', 10)])
    await api('POST', '', one);
};

describe('a backfill', () => {
  it('says what the rows are, and changes nothing unless it is told to', async () => {
    await prepare();
    const before = await stored();
    const report = await backfill(ROWS);
    expect(report).toMatchObject({ applied: false, run: null });
    expect(report.matched).toEqual([
      {
        row: 0,
        legacy_id: 1,
        client_id: 'nine',
        differences: { amount_ml: { legacy: 80, stored: 100 } },
      },
    ]);
    expect(report.ambiguous).toEqual([
      { row: 1, legacy_id: 2, rows: [1], client_ids: ['ten-1', 'ten-2'] },
      { row: 2, legacy_id: 'x', rows: [2, 3], client_ids: [] },
      { row: 3, rows: [2, 3], client_ids: [] },
    ]);
    expect(report.unmatched).toMatchObject([
      { row: 4, filled: [], inserted: false },
      { row: 5, filled: ['food_type', 'amount_ml'], inserted: false },
    ]);
    expect(await stored()).toEqual(before);
  });

  it('inserts what no feeding matches and leaves every feeding as it is', async () => {
    await prepare();
    const before = await stored();
    const planned = await backfill(ROWS);
    const report = await backfill(ROWS, true);
    expect(report.unmatched.map(({ inserted }) => inserted)).toEqual([true, true]);
    expect(report.unmatched.map((one) => one['client_id'])).toEqual(
      planned.unmatched.map((one) => one['client_id']),
    );
    const after = await stored();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toMatchObject([
      {
        client_id: report.unmatched[0]?.['client_id'],
        feeding_time: at(12),
        food_type: 'puree',
        amount_ml: 60,
        notes: 'Carrots',
      },
      { feeding_time: at(13), food_type: 'other', amount_ml: 0, notes: 'Unknown' },
    ]);
  });

  it('run again changes nothing, and finds what it inserted', async () => {
    await prepare();
    const first = await backfill(ROWS, true);
    const before = await stored();
    const again = await backfill(ROWS, true);
    expect(await stored()).toEqual(before);
    expect(again).toMatchObject({ run: first.run, unmatched: [] });
    expect(again.matched.map(({ row }) => row)).toEqual([0, 4, 5]);
  });

  it('does not bring back what a person has deleted since', async () => {
    const { unmatched } = await backfill([{ feeding_time: at(12) }], true);
    await api('DELETE', `/${String(unmatched[0]?.['client_id'])}`);
    const again = await backfill([{ feeding_time: at(12) }], true);
    expect(again.unmatched).toMatchObject([{ inserted: false }]);
    expect(await stored()).toEqual([]);
  });

  it('takes several thousand rows at once', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => ({
      feeding_time: new Date(Date.parse(at(0)) + index * 60_000).toISOString(),
      amount_ml: index % 200,
    }));
    const { unmatched } = await backfill(rows, true);
    expect(unmatched.every(({ inserted }) => inserted === true)).toBe(true);
    const again = await backfill(rows);
    expect(again.matched).toHaveLength(2_500);
    expect(
      again.matched.every(({ differences }) => Object.keys(Object(differences)).length === 0),
    ).toBe(true);
  });

  it('refuses all rows where one is wrong, and names it', async () => {
    const good = { feeding_time: at(12) };
    const wrong: readonly (readonly [word: string, row: Fields])[] = [
      ['"rows.1.feeding_time"', { feeding_time: '2026-03-01 12:00' }],
      ['"rows.1.feeding_time"', { amount_ml: 3 }],
      ['"rows.1.food_type"', { ...good, food_type: 'gravel' }],
      ['"rows.1.amount_ml"', { ...good, amount_ml: 1.5 }],
      ['"rows.1.legacy_id"', { ...good, legacy_id: {} }],
      ['"client_id"', { ...good, client_id: 'x' }],
    ];
    for (const [word, row] of wrong) {
      const rows = [good, row];
      const { status, body } = await api('POST', '/backfill-client-ids', { rows, apply: true });
      expect([word, status]).toEqual([word, 422]);
      expect(String(body['detail'])).toContain(word);
    }
    expect(await stored()).toEqual([]);
  });
});

describe('undoing a backfill', () => {
  it('removes what it inserted, and only that', async () => {
    await prepare();
    const before = await stored();
    const { run, unmatched } = await backfill(ROWS, true);
    const inserted = unmatched.map((one) => one['client_id']);
    expect(await undo(run)).toEqual({
      status: 200,
      body: { success: true, run, removed: inserted, left: [] },
    });
    expect(await stored()).toEqual(before);
    const left = inserted.map((id) => ({ client_id: id, reason: 'gone' }));
    expect((await undo(run)).body).toEqual({ success: true, run, removed: [], left });
  });

  it('leaves what somebody has changed since, and says so', async () => {
    const { run, unmatched } = await backfill(ROWS, true);
    const [first, second, ...more] = unmatched.map((one) => String(one['client_id']));
    await api('PUT', `/${first}`, { notes: 'Peas' });
    expect((await undo(run)).body).toEqual({
      success: true,
      run,
      removed: [second, ...more],
      left: [{ client_id: first, reason: 'changed' }],
    });
    expect(await stored()).toMatchObject([{ client_id: first, notes: 'Peas' }]);
  });

  it('lets the same rows be inserted once more, under new ids', async () => {
    const first = await backfill(ROWS, true);
    await undo(first.run);
    const second = await backfill(ROWS, true);
    expect(second.run).not.toBe(first.run);
    expect(await stored()).toHaveLength(second.unmatched.length);
    await undo(second.run);
    expect(await stored()).toEqual([]);
  });

  it('is only for those of the workspace, and for runs that there were', async () => {
    const { run } = await backfill(ROWS, true);
    await live.server.core.accounts.createWorkspace('Other');
    const other = careApi(live.url, await live.keyFor('noa', { workspace: 'Other' }));
    expect((await undo(run, other)).status).toBe(404);
    expect((await undo('0123456789abcdef-0')).status).toBe(404);
    expect((await undo('nonsense')).status).toBe(404);
    expect(await stored()).toHaveLength(4);
  });
});
