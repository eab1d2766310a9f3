// Rows of an older program get their client_ids: those of the feedings that they match, or of new
// ones. A run is remembered before it writes, so that it can be taken back as a whole.

import { createHash } from 'node:crypto';
import { canonical, MAX_ROWS, type WireDocument } from '../../replication/core.ts';
import { anything, flag, list, object, optional } from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import type { Judged } from '../accept/accept.ts';
import { mayWrite } from '../accept/fit.ts';
import { readChange, readPlain } from '../accept/read-rows.ts';
import type { Reader } from '../auth/reader.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';
import { eachFeeding } from './list.ts';
import { matchRows, type LegacyRow, type Matches, type Unmatched } from './match.ts';
import {
  checked,
  feedings,
  fieldsOf,
  recordOf,
  refuse,
  requireUtc,
  rowFields,
  type FeedingRecord,
} from './record.ts';

/** Rows of one run. */
const MAX_LEGACY_ROWS = 5_000;
const MAX_LEGACY_ID_LENGTH = 200;
/** What a feeding must have and a row may lack. */
const FILLED = { food_type: 'other', amount_ml: 0, notes: '' } as const;

const validate = validatorFor(
  object({
    rows: list(object({ ...rowFields, legacy_id: optional(anything()) }), MAX_LEGACY_ROWS),
    apply: optional(flag()),
  }),
  'The backfill',
);

const isLegacyId = (id: unknown): boolean =>
  typeof id === 'string' ? id.length <= MAX_LEGACY_ID_LENGTH : Number.isSafeInteger(id);

function readRows(body: unknown): { readonly rows: readonly LegacyRow[]; readonly apply: boolean } {
  const { rows, apply } = checked(validate, body) as { rows: LegacyRow[]; apply?: boolean };
  return {
    rows: rows.map((row, index) => {
      if (row.legacy_id !== undefined && !isLegacyId(row.legacy_id))
        refuse(
          `"rows.${index}.legacy_id" must be a whole number or at most ${MAX_LEGACY_ID_LENGTH} characters.`,
        );
      return { ...row, feeding_time: requireUtc(`rows.${index}.feeding_time`, row.feeding_time) };
    }),
    apply: apply === true,
  };
}

/** @throws {HttpProblem} `forbidden` */
function requireWriter(reader: Reader): void {
  if (reader.readOnly || !mayWrite(reader, feedings)) throw new HttpProblem('forbidden');
}

/** The living feedings at the moments of the rows. */
async function feedingsAt(
  core: Core,
  reader: Reader,
  rows: readonly LegacyRow[],
): Promise<readonly FeedingRecord[]> {
  const wanted = new Set(rows.map(({ feeding_time: time }) => time));
  const found = new Map<unknown, FeedingRecord>();
  for await (const doc of eachFeeding(core.store, reader)) {
    const record = recordOf(doc);
    if (wanted.has(String(record['feeding_time']))) found.set(record['client_id'], record);
    else found.delete(record['client_id']);
  }
  return [...found.values()];
}

const RUNS = 'care-backfill';
const RUN = /^[0-9a-f]{16}-\d{1,6}$/;
const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex');

interface Run {
  readonly name: string;
  /** What it was about to insert. */
  readonly clientIds: readonly string[];
  readonly undone: boolean;
}

/** The run of these rows that has not been undone, or the name of the next one. */
async function runOf(
  { store }: Core,
  { workspace }: Reader,
  rows: readonly LegacyRow[],
): Promise<{ readonly name: string; readonly known?: Run }> {
  const start = hashOf(rows).slice(0, 16);
  const runs = await store.records(RUNS, `${workspace}/${start}-`);
  const known = runs.map(({ value }) => value as Run).find(({ undone }) => !undone);
  return known === undefined ? { name: `${start}-${runs.length}` } : { name: known.name, known };
}

const rememberRun = ({ store }: Core, { workspace }: Reader, run: Run): Promise<boolean> =>
  store.writeRecords([{ kind: RUNS, id: `${workspace}/${run.name}`, value: run }]);

interface New extends Unmatched {
  readonly client_id: string;
  readonly doc: WireDocument;
  /** Fields that the row lacks. */
  readonly filled: readonly string[];
}

function toNew(unmatched: Unmatched, run: string): New {
  const { legacy } = unmatched;
  const id = `backfill-${run}-${hashOf(legacy).slice(0, 16)}`;
  return {
    ...unmatched,
    client_id: id,
    doc: { ...fieldsOf({ ...FILLED, ...legacy }), [feedings.primaryKey]: id },
    filled: Object.keys(FILLED).filter((name) => !(name in legacy)),
  };
}

/** Judges rows in commits of a size that readers can take in. */
async function judge(
  core: Core,
  reader: Reader,
  rows: readonly ReturnType<typeof readPlain>[],
): Promise<readonly Judged[]> {
  const results: Judged[] = [];
  for (let from = 0; from < rows.length; from += MAX_ROWS) {
    const part = await core.accept.plain(reader, rows.slice(from, from + MAX_ROWS));
    core.metrics.pushed(part.results);
    results.push(...part.results);
  }
  return results;
}

interface Report extends Pick<Matches, 'matched' | 'ambiguous'> {
  readonly success: true;
  readonly applied: boolean;
  /** Names what was inserted, to undo it; null where there is nothing to undo. */
  readonly run: string | null;
  readonly unmatched: readonly object[];
}

/** Says what the rows are, and with `apply` inserts those that no feeding matches. */
export async function backfill(core: Core, reader: Reader, body: unknown): Promise<Report> {
  requireWriter(reader);
  const { rows, apply } = readRows(body);
  const { matched, ambiguous, unmatched } = matchRows(rows, await feedingsAt(core, reader, rows));
  const { name, known } = await runOf(core, reader, rows);
  const made = unmatched.map((one) => toNew(one, name));
  const clientIds = new Set([...(known?.clientIds ?? []), ...made.map((one) => one.client_id)]);
  if (apply && made.length > 0)
    await rememberRun(core, reader, { name, clientIds: [...clientIds], undone: false });
  const results = apply
    ? await judge(
        core,
        reader,
        made.map(({ doc }) => readPlain(reader, feedings, doc)),
      )
    : [];
  return {
    success: true,
    applied: apply,
    run: known !== undefined || (apply && made.length > 0) ? name : null,
    matched,
    ambiguous,
    unmatched: made.map(({ legacy: _legacy, doc: _doc, ...one }, index) => ({
      ...one,
      inserted: results[index]?.verdict === 'accepted',
    })),
  };
}

interface Undone {
  readonly success: true;
  readonly run: string;
  readonly removed: readonly string[];
  /** What stays as it is: changed since, or gone already. */
  readonly left: readonly { readonly client_id: string; readonly reason: 'changed' | 'gone' }[];
}

/** Deletes what a run inserted and nobody has touched since. */
export async function undoBackfill(core: Core, reader: Reader, name: string): Promise<Undone> {
  requireWriter(reader);
  const run = RUN.test(name)
    ? ((await core.store.record(RUNS, `${reader.workspace}/${name}`)) as Run | undefined)
    : undefined;
  if (run === undefined) throw new HttpProblem('not_found', { detail: 'There is no such run.' });
  const stored = await core.store.get(
    reader.workspace,
    run.clientIds.map((id) => ({ collection: feedings.name, id })),
  );
  const docs = new Map(stored.map(({ id, text }) => [id, JSON.parse(text) as WireDocument]));
  const isThere = (id: string): boolean => docs.has(id) && docs.get(id)?._deleted !== true;
  const untouched = run.clientIds.filter(
    (id) => isThere(id) && docs.get(id)?.updatedAt === docs.get(id)?.createdAt,
  );
  const results = await judge(
    core,
    reader,
    untouched.map((id) => {
      const doc = { [feedings.primaryKey]: id, _deleted: true };
      return readChange(reader, feedings, doc, docs.get(id)?.updatedAt);
    }),
  );
  const removed = new Set(untouched.filter((_, index) => results[index]?.verdict === 'accepted'));
  await rememberRun(core, reader, { ...run, undone: true });
  return {
    success: true,
    run: name,
    removed: [...removed],
    left: run.clientIds
      .filter((id) => !removed.has(id))
      .map((id) => ({ client_id: id, reason: isThere(id) ? 'changed' : 'gone' })),
  };
}
