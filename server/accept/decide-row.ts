// The decision on one row, against the document as the commit has it so far. Pure: what it reads
// and writes is the working set.

import {
  canonical,
  CREATED,
  MAX_DRIFT_MS,
  entriesOf,
  joinVectors,
  knows,
  mergeFieldLww,
  sameClock,
  setValueAt,
  stampAt,
  timeOf,
  valueAt,
  deviceOf,
  type WireDocument,
} from '../../replication/core.ts';
import type { Outcome, StampedCandidate } from './candidate.ts';
import { REFUSALS } from './candidate.ts';
import { unfit } from './fit.ts';
import type { Collection } from '../../schemas/index.ts';
import type { Circumstances } from './circumstances.ts';
import { changesOf, isConcurrent } from './changes.ts';
import { decideSettlement } from './decide-settlement.ts';
import { isForAPerson, keepLosses, leaveToPerson, loseToDelete, lossOf } from './losses.ts';
import { keepLoss } from './inbox.ts';
import { settleStamps, type Settled } from './stamps.ts';
import { newEntry, type Entry, type WorkingSet } from './working-set.ts';

/** How far back a device may have made a document that it sends only now. */
const HONEST_PAST_MS = 90 * 86_400_000;
/** Derived fields are sums, which begin at nothing whatever a client says. */
const DERIVED_START = 0;

const refuse = (code: keyof typeof REFUSALS, message: string = REFUSALS[code]): Outcome => ({
  verdict: 'rejected',
  code,
  message,
});

export function decideRow(
  row: StampedCandidate,
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  const stored = set.get(row.collection, row.id);
  const settled = settleStamps(row, stored, set, circumstances);
  if (settled === undefined) return refuse('refused_before');
  if (row.collection === circumstances.rules.inbox)
    return decideSettlement(row, settled, stored, set, circumstances);
  if (stored === undefined) {
    const wasThere = row.base !== undefined && circumstances.sameEpoch;
    if (!wasThere && !set.isPurged(row.collection, row.id))
      return insert(row, settled, set, circumstances);
    return row.deleted
      ? { verdict: 'accepted' }
      : loseToDelete(row, settled, undefined, set, circumstances);
  }
  if (!stored.deleted) return update(row, settled, stored, set, circumstances);
  return row.deleted
    ? { verdict: 'accepted' }
    : loseToDelete(row, settled, stored, set, circumstances);
}

function insert(
  row: StampedCandidate,
  settled: Settled,
  set: WorkingSet,
  { author, nowMs, sameEpoch, writerOf }: Circumstances,
): Outcome {
  const { createdAt } = row.doc;
  // What a restored server has lost comes from whoever has it: its maker stays who it was.
  const maker = sameEpoch ? undefined : writerOf(deviceOf(settled.clk[CREATED] ?? ''));
  const createdMs = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  const honest = createdMs <= nowMs + MAX_DRIFT_MS && createdMs >= nowMs - HONEST_PAST_MS;
  return write(set, row, {
    ...settled.doc,
    ...Object.fromEntries(row.collection.derived.map((field) => [field, DERIVED_START])),
    rev: set.turn.seq,
    createdAt: honest && createdAt !== undefined ? createdAt : set.turn.updatedAt,
    updatedAt: set.turn.updatedAt,
    createdBy: maker ?? author.user,
    updatedBy: author.user,
  });
}

/** Puts a document into the commit, unless it is too large to be kept. */
function write(set: WorkingSet, { collection, id }: StampedCandidate, doc: WireDocument): Outcome {
  const entry = newEntry(collection, id, doc);
  const { maxBytes } = collection;
  // A delete is never too large. A UTF-16 unit has at most three bytes in UTF-8: most texts need not be counted.
  const sizeBytes =
    doc._deleted !== true && entry.text.length * 3 > maxBytes ? Buffer.byteLength(entry.text) : 0;
  if (sizeBytes > maxBytes)
    return refuse(
      'too_large',
      `It has ${sizeBytes} bytes; a ${collection.label.one} may have ${maxBytes}.`,
    );
  set.put(entry);
  return { verdict: 'accepted' };
}

/** An immutable field that would not stay as it is, whatever the row says of its changes. */
const brokenField = (
  { immutable }: Collection,
  before: WireDocument,
  after: WireDocument,
): string | undefined =>
  immutable.find((field) => canonical(before[field]) !== canonical(after[field]));

/** The row with the stored value wherever it brings no other stamp: such a change is none. */
function stampedChanges(collection: Collection, settled: Settled, stored: Entry): WireDocument {
  const doc: Record<string, unknown> = { ...settled.doc };
  const there = stored.doc.clk ?? {};
  for (const entry of entriesOf(collection, settled.doc, stored.doc))
    if (stampAt(settled.clk, entry) === stampAt(there, entry))
      setValueAt(collection, doc, entry, valueAt(collection, stored.doc, entry));
  return doc;
}

function update(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry,
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  const { author, device } = circumstances;
  const { collection } = row;
  // What a device gives back to a restored server may have come back already, and more.
  const { vv } = settled.doc;
  if (!circumstances.sameEpoch && vv !== undefined && knows(stored.doc.vv, vv))
    return { verdict: 'accepted' };
  const changes = changesOf(row, settled, stored);
  if (collection.policy.kind === 'manual' && isKnown(changes, settled, stored))
    return { verdict: 'accepted' };
  const concurrent =
    row.contested?.filter((entry) => changes.includes(entry)) ??
    changes.filter((entry) => isConcurrent(row, settled, stored, entry, circumstances));
  if (collection.policy.kind === 'serverWins' && concurrent.length > 0) {
    keepLoss(lossOf(row, settled, stored, changes, 'overtaken', circumstances), set, circumstances);
    return { verdict: 'superseded', code: 'overtaken', message: REFUSALS.overtaken };
  }
  if (isForAPerson(row, settled, stored, concurrent, device))
    return leaveToPerson(row, settled, stored, changes, set, circumstances);

  const merged = mergeFieldLww(collection, stored.doc, stampedChanges(collection, settled, stored));
  const clk = merged.clk ?? {};
  const broken = brokenField(collection, stored.doc, merged);
  if (broken !== undefined)
    return refuse('immutable', `"${broken}" does not change once it is written.`);
  // Each version is sound and the two together are not: only a person can say what to leave out.
  const isMixed = !sameClock(clk, settled.clk);
  if (isMixed && unfit(collection, merged) !== undefined)
    return leaveToPerson(row, settled, stored, changes, set, circumstances);
  if (!sameClock(clk, stored.doc.clk)) {
    const written = write(set, row, {
      ...merged,
      ...vectorOf(row, stored, settled, circumstances),
      rev: set.turn.seq,
      updatedAt: set.turn.updatedAt,
      updatedBy: author.user,
    });
    if (written.verdict === 'rejected')
      return isMixed ? leaveToPerson(row, settled, stored, changes, set, circumstances) : written;
  }
  const standing = changes.filter((entry) => stampAt(clk, entry) === stampAt(settled.clk, entry));
  const lost = changes.filter((entry) => !standing.includes(entry));
  keepLosses({ row, settled, stored, standing, lost, concurrent }, set, circumstances);
  if (lost.length === 0)
    return settled.lost === 0
      ? { verdict: 'accepted' }
      : { verdict: 'merged', code: 'refused_before', message: REFUSALS.refused_before };
  return standing.length > 0
    ? { verdict: 'merged', code: 'merged', message: REFUSALS.merged }
    : { verdict: 'superseded', code: 'overtaken', message: REFUSALS.overtaken };
}

/**
 * Whether the document contains all that a row changed, as it does where the row comes once more and
 * the record of its verdict was purged.
 */
const isKnown = (changes: readonly string[], settled: Settled, { doc: { vv = {} } }: Entry) =>
  changes.length > 0 &&
  changes.every((entry) => {
    const stamp = stampAt(settled.clk, entry);
    return knows(vv, { [deviceOf(stamp)]: stamp });
  });

/**
 * What the document knew, and what the pushing device says of its own writes. A restored server
 * also takes its word for what it knew of others: they may have lost it here.
 */
function vectorOf(
  { collection }: StampedCandidate,
  stored: Entry,
  settled: Settled,
  { device, sameEpoch, nowMs }: Circumstances,
): Pick<WireDocument, 'vv'> {
  if (!collection.versionVector) return {};
  const told = Object.entries(settled.doc.vv ?? {}).filter(
    ([name, stamp]) =>
      (name === device || !sameEpoch) &&
      deviceOf(stamp) === name &&
      timeOf(stamp) <= nowMs + MAX_DRIFT_MS,
  );
  return { vv: joinVectors(stored.doc.vv ?? {}, Object.fromEntries(told)) };
}
