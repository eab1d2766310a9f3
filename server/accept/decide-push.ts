// The decision on a whole push: rows and groups one after the other, each alone, on the working set
// of the commit. Pure.

import type { UserId } from '../../replication/core.ts';
import type { OperationRecord } from '../store/port/port.ts';
import {
  REFUSALS,
  type Author,
  type Candidate,
  type Outcome,
  type Refusal,
  type StampedCandidate,
} from './candidate.ts';
import { decidePlain } from './decide-plain.ts';
import type { Circumstances } from './circumstances.ts';
import { decideRow } from './decide-row.ts';
import { recordedOperation, recordedStamp } from './recorded.ts';
import { stampsOf } from './stamps.ts';
import { lookAtWhole, needsWhole } from './whole.ts';
import type { Entry, WorkingSet } from './working-set.ts';

export type Row = Candidate | Refusal;

export interface Decided extends Outcome {
  /** The document as this row left it in the commit; missing where there is none. */
  readonly entry?: Entry | undefined;
}

/** Rows that can't stand, as the whole push showed. */
type Offenders = ReadonlyMap<Row, Outcome>;

/**
 * One outcome for each row, in the rows' order. Where rows depend on others of the push, they are
 * applied to a layer, looked at together, and applied again without those that can't stand.
 */
export function decidePush(
  rows: readonly Row[],
  set: WorkingSet,
  circumstances: Circumstances,
): readonly Decided[] {
  const { rules } = circumstances;
  const units = unitsOf(rows);
  if (!rows.some((row) => row.kind !== 'refused' && needsWhole(rules, row.collection)))
    return inOrder(rows, decideUnits(units, set, circumstances, new Map()));
  const offenders = new Map<Row, Outcome>();
  for (;;) {
    const layer = set.layer();
    const outcomes = decideUnits(units, layer, circumstances, offenders);
    const standing = units.map((unit) => unit.rows.filter((row) => hasEffect(row, outcomes)));
    const look = lookAtWhole(standing, layer, set, circumstances);
    if (look.offenders.size === 0) {
      set.keep(layer);
      for (const row of look.flagged) flag(row, outcomes, set, circumstances.author);
      return inOrder(rows, outcomes);
    }
    for (const [row, outcome] of look.offenders) offenders.set(row, outcome);
  }
}

const hasEffect = (row: Row, outcomes: ReadonlyMap<Row, Decided>): row is Candidate => {
  const outcome = outcomes.get(row);
  return row.kind !== 'refused' && outcome?.duplicate !== true && outcome?.entry?.written === true;
};

/** The goods have left the shop: the row stands, and its sender hears of it, also the second time. */
function flag(row: Row, outcomes: Map<Row, Decided>, set: WorkingSet, author: Author): void {
  const outcome = outcomes.get(row);
  if (outcome?.verdict !== 'accepted') return;
  const flagged = { ...outcome, code: 'below_floor', message: REFUSALS.below_floor };
  outcomes.set(row, flagged);
  if (row.kind === 'stamped') record(row, flagged, set, author);
}

const inOrder = (rows: readonly Row[], outcomes: ReadonlyMap<Row, Decided>): readonly Decided[] =>
  rows.map((row) => outcomes.get(row) ?? rejected('bad_row'));

function decideUnits(
  units: readonly Unit[],
  set: WorkingSet,
  circumstances: Circumstances,
  offenders: Offenders,
): Map<Row, Decided> {
  const outcomes = new Map<Row, Decided>();
  for (const unit of units) {
    const decided =
      unit.group === undefined
        ? unit.rows.map((row) => decideOne(row, set, circumstances, offenders))
        : decideGroup(unit.rows, unit.group, set, circumstances, offenders);
    unit.rows.forEach((row, index) => {
      const outcome = decided[index];
      if (outcome !== undefined) outcomes.set(row, outcome);
    });
  }
  return outcomes;
}

interface Unit {
  readonly rows: Row[];
  readonly group?: { readonly id: string; readonly size: number };
}

/** Rows alone, and the rows of each group together, in the order in which they begin. */
function unitsOf(rows: readonly Row[]): readonly Unit[] {
  const units: Unit[] = [];
  const groups = new Map<string, Unit>();
  for (const row of rows) {
    const known = row.group === undefined ? undefined : groups.get(row.group.id);
    if (known !== undefined) known.rows.push(row);
    else if (row.group === undefined) units.push({ rows: [row] });
    else {
      const unit = { rows: [row], group: row.group };
      groups.set(row.group.id, unit);
      units.push(unit);
    }
  }
  return units;
}

const rejected = (code: keyof typeof REFUSALS, message: string = REFUSALS[code]): Decided => ({
  verdict: 'rejected',
  code,
  message,
});

function decideOne(
  row: Row,
  set: WorkingSet,
  circumstances: Circumstances,
  offenders: Offenders,
): Decided {
  const { author } = circumstances;
  if (row.kind === 'refused') return refuse(row, set, author);
  const known =
    row.kind === 'stamped' ? set.operation(recordedOperation(row.op, author.user)) : undefined;
  if (known !== undefined) return again(row, known, set);
  const outcome =
    offenders.get(row) ??
    (row.kind === 'stamped'
      ? decideRow(row, set, circumstances)
      : decidePlain(row, set, circumstances));
  if (row.kind === 'stamped') record(row, outcome, set, author);
  return { ...outcome, entry: set.get(row.collection, row.id) };
}

/** A row that was judged before; its name on another document is no name at all. */
const again = (row: Candidate, known: OperationRecord, set: WorkingSet): Decided =>
  known.collection === row.collection.name && known.id === row.id
    ? duplicate(row, known, set)
    : { ...rejected('bad_operation'), entry: entryOf(row, set) };

const duplicate = (row: Candidate, known: OperationRecord, set: WorkingSet): Decided => ({
  verdict: known.verdict,
  duplicate: true,
  ...(known.code === undefined
    ? {}
    : { code: known.code, message: REFUSALS[known.code as keyof typeof REFUSALS] }),
  entry: set.get(row.collection, row.id),
});

function record(row: StampedCandidate, outcome: Outcome, set: WorkingSet, { user }: Author): void {
  set.remember({
    op: recordedOperation(row.op, user),
    collection: row.collection.name,
    id: row.id,
    verdict: outcome.verdict,
    ...(outcome.code === undefined ? {} : { code: outcome.code }),
  });
  if (outcome.verdict === 'rejected') loseStamps(row, set, user);
}

/** What a refused row brought is lost for later rows too, unless the document has it already. */
function loseStamps(row: StampedCandidate, set: WorkingSet, user: UserId): void {
  const stored = new Set(Object.values(set.get(row.collection, row.id)?.doc.clk ?? {}));
  for (const stamp of stampsOf(row)) {
    const name = recordedStamp(stamp, user);
    const fate = set.fate(name);
    const stands = stored.has(fate?.kind === 'replaced' ? fate.by : stamp);
    if (!stands) set.setFate(name, { kind: 'refused' });
  }
}

/** A row that could not be decided about; its verdict is kept where its name can be trusted. */
function refuse(row: Refusal, set: WorkingSet, author: Author): Decided {
  const outcome = rejected(row.code, row.message);
  const { candidate } = row;
  const known = candidate && set.operation(recordedOperation(candidate.op, author.user));
  if (candidate !== undefined && known !== undefined) return again(candidate, known, set);
  if (candidate !== undefined) record(candidate, outcome, set, author);
  return { ...outcome, entry: entryOf(row, set) };
}

function decideGroup(
  rows: readonly Row[],
  group: { readonly size: number },
  set: WorkingSet,
  circumstances: Circumstances,
  offenders: Offenders,
): readonly Decided[] {
  const isWhole =
    rows.length === group.size &&
    new Set(rows.map(nameOf)).size === group.size &&
    rows.every((row) => row.group?.size === group.size);
  const layer = set.layer();
  const decided = rows.map((row) => decideOne(row, layer, circumstances, offenders));
  if (isWhole && decided.every(takesEffect)) {
    set.keep(layer);
    return decided;
  }
  return rows.map((row, index) => {
    const own = decided[index];
    const entry = entryOf(row, set);
    if (own?.duplicate === true && isWhole) return { ...own, entry };
    const outcome: Outcome =
      own !== undefined && !takesEffect(own)
        ? { ...own, verdict: 'rejected' }
        : rejected(isWhole ? 'group_refused' : 'group_incomplete');
    const candidate = row.kind === 'refused' ? row.candidate : row;
    if (candidate?.kind === 'stamped') record(candidate, outcome, set, circumstances.author);
    return { ...outcome, entry };
  });
}

/** A row repeated within its group counts once. */
const nameOf = (row: Row): unknown => (row.kind === 'plain' ? row : row.op);

/** A member of which nothing would stand leaves the group half done, so it refuses the group. */
const takesEffect = ({ verdict }: Outcome): boolean =>
  verdict === 'accepted' || verdict === 'merged';

const entryOf = (row: Row, set: WorkingSet): Entry | undefined => {
  const place = row.kind === 'refused' ? row.place : row;
  return place === undefined ? undefined : set.get(place.collection, place.id);
};
