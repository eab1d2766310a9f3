// The decision on a row about an entry of the inbox. People write two things there: another version
// of their own while the entry is open (`mine`), and what they decide (`resolution`). What follows
// for the document is written in the same commit.

import { changedEntries, stampAt } from '../../replication/core.ts';
import type { Collection, Conflict } from '../../schemas/index.ts';
import { REFUSALS, type Outcome, type RefusalCode, type StampedCandidate } from './candidate.ts';
import { changesOf } from './changes.ts';
import type { Circumstances } from './circumstances.ts';
import { mayWrite, unfit } from './fit.ts';
import {
  asConflict,
  editEntry,
  keepLoss,
  storedVersion,
  versionOf,
  writtenBy,
  type HistoryEvent,
  type Version,
} from './inbox.ts';
import type { Settled } from './stamps.ts';
import {
  documentOf,
  isAboutAnother,
  movedOn,
  withVersion,
  writeDocument,
  type Settlement,
} from './settlement.ts';
import type { Entry, WorkingSet } from './working-set.ts';

const ACCEPTED: Outcome = { verdict: 'accepted' };
const refuse = (code: RefusalCode, message: string = REFUSALS[code]): Outcome => ({
  verdict: 'rejected',
  code,
  message,
});
const lose = (code: 'moved_on' | 'settled_before' | 'deleted'): Outcome => ({
  verdict: 'superseded',
  code,
  message: REFUSALS[code],
});

export function decideSettlement(
  row: StampedCandidate,
  settled: Settled,
  stored: Entry | undefined,
  set: WorkingSet,
  circumstances: Circumstances,
): Outcome {
  // Who knows an entry had it from here; a server that was restored has it no more.
  const isLost = stored === undefined && (row.base ?? row.seen) !== undefined && !row.deleted;
  if (isLost || set.isPurged(row.collection, row.id)) return lose('deleted');
  if (stored === undefined || row.deleted)
    return refuse('forbidden', 'Only the server makes and removes entries of the inbox.');
  if (stored.deleted) return lose('deleted');
  if (!maySettle(asConflict(stored), circumstances)) return refuse('forbidden');
  if (isAboutAnother(stored, row.doc)) return refuse('immutable');
  const different = changedEntries(row.collection, stored.doc, settled.doc);
  const changes = changesOf(row, settled, stored).filter((field) => different.includes(field));
  const foreign = changes.find((field) => field !== 'mine' && field !== 'resolution');
  if (foreign !== undefined) return refuse('immutable', `Only the server changes "${foreign}".`);

  const sent = settled.doc as unknown as Conflict;
  const target = circumstances.rules.collections.get(sent.collectionName);
  const versions = [changes.includes('mine') ? sent.mine : {}, sent.resolution?.merged ?? {}];
  if (versions.some((version) => isTooLarge(target, version))) return refuse('too_large');
  const about = { row, sent, clk: settled.clk, set, circumstances };
  let entry = stored;
  if (changes.includes('mine')) {
    const outcome = changeMine({ ...about, entry });
    if (outcome !== ACCEPTED) return outcome;
    entry = set.get(row.collection, row.id) ?? entry;
  }
  return changes.includes('resolution') ? resolve({ ...about, entry }) : ACCEPTED;
}

/** The author, and the owners and managers that see the entry; only who may write the document. */
function maySettle(
  { author: writer, collectionName, shared }: Conflict,
  { author, rules }: Circumstances,
): boolean {
  const collection = rules.collections.get(collectionName);
  if (collection === undefined || !mayWrite(author, collection)) return false;
  return (
    writer === author.user || (shared && (author.role === 'owner' || author.role === 'manager'))
  );
}

/** A version that a person writes is no larger than its document may be. */
const isTooLarge = (collection: Collection | undefined, version: Version): boolean =>
  Buffer.byteLength(JSON.stringify(version)) > (collection?.maxBytes ?? 0);

const happened = (
  event: HistoryEvent['event'],
  { row, circumstances: { author, device } }: Settlement,
  at: string,
  version?: Version,
): HistoryEvent => ({
  at,
  by: author.user,
  device: device === '' ? writtenBy(row.doc, '').device : device,
  event,
  ...(version === undefined ? {} : { version }),
});

/** The author goes on editing what waits. */
function changeMine(settlement: Settlement): Outcome {
  const { entry, sent, set, circumstances, clk } = settlement;
  const known = asConflict(entry);
  if (known.state !== 'open') return refuse('not_open');
  if (known.author !== circumstances.author.user)
    return refuse('forbidden', 'Only its author changes this version.');
  const document = documentOf(known, settlement);
  const misfit =
    document === undefined
      ? undefined
      : unfit(document.collection, withVersion(document, sent.mine));
  if (misfit !== undefined) return refuse('invalid', misfit.message);
  const at = set.turn.updatedAt;
  const replaced = happened('replaced', settlement, known.mineAt, known.mine);
  editEntry(
    entry,
    { mine: sent.mine, mineAt: at, history: [...known.history, replaced] },
    set,
    circumstances,
    clk['mine'] === undefined ? {} : { mine: clk['mine'] },
  );
  return ACCEPTED;
}

function resolve(settlement: Settlement): Outcome {
  const { entry, sent } = settlement;
  const known = asConflict(entry);
  const { choice = 'undo' } = sent.resolution ?? {};
  if (choice === 'seen')
    return known.state === 'information' ? finish(settlement, {}) : refuse('not_open');
  if (known.state === 'information') return refuse('not_open');
  // A decision that was taken back before it arrived.
  if (choice === 'undo') return known.state === 'settled' ? reopen(settlement) : ACCEPTED;
  if (known.state === 'open') return settle(settlement, choice);
  if (known.settledBy !== settlement.circumstances.author.user) return secondSettlement(settlement);
  // The same person decided again, and what lay between was never sent.
  const reopened = reopen(settlement);
  const { row, set } = settlement;
  return reopened === ACCEPTED
    ? settle({ ...settlement, entry: set.get(row.collection, row.id) ?? entry }, choice)
    : reopened;
}

function settle(settlement: Settlement, choice: 'mine' | 'theirs' | 'merge'): Outcome {
  const { entry, sent, set, circumstances, row, clk } = settlement;
  const known = asConflict(entry);
  const document = documentOf(known, settlement);
  if (document === undefined || document.deleted) {
    editEntry(entry, { state: 'information', reason: 'deleted' }, set, circumstances);
    return lose('deleted');
  }
  const chosen = choice === 'merge' ? sent.resolution?.merged : known.mine;
  if (choice === 'merge' && chosen === undefined)
    return refuse('invalid', 'A merge says what the fields shall be.');
  // What was decided about is what was shown: both versions must still be these.
  const seen = row.base?.clk ?? {};
  const shown = ['mine', 'theirs'].every(
    (field) =>
      row.base === undefined ||
      stampAt(seen, field) === stampAt(entry.doc.clk ?? {}, field) ||
      stampAt(clk, field) === stampAt(entry.doc.clk ?? {}, field),
  );
  if (!shown || movedOn(known, document)) {
    const { doc, by, device } = storedVersion(document);
    editEntry(
      entry,
      {
        theirs: versionOf(document.collection, doc),
        theirsBy: by,
        theirsDevice: device,
        theirsAt: doc.updatedAt ?? known.theirsAt,
        theirsRev: doc.rev ?? 0,
        resolution: undefined,
        history: [...known.history, happened('moved', settlement, set.turn.updatedAt, chosen)],
      },
      set,
      circumstances,
    );
    return lose('moved_on');
  }
  if (choice !== 'theirs' && chosen !== undefined) {
    const next = withVersion(document, chosen);
    const misfit = unfit(document.collection, next);
    if (misfit !== undefined) return refuse('invalid', misfit.message);
    if (isTooLarge(document.collection, chosen)) return refuse('too_large');
    const fixed = document.collection.immutable.find((field) =>
      changedEntries(document.collection, document.doc, next).includes(field),
    );
    if (fixed !== undefined) return refuse('immutable', `"${fixed}" does not change.`);
    writeDocument(document, next, settlement);
  }
  const now = documentOf(known, settlement) ?? document;
  return finish(settlement, { settledRev: now.doc.rev ?? 0 });
}

function finish(settlement: Settlement, more: { readonly settledRev?: number }): Outcome {
  const { entry, sent, set, circumstances, clk } = settlement;
  const known = asConflict(entry);
  const { author } = circumstances;
  const at = set.turn.updatedAt;
  editEntry(
    entry,
    {
      state: 'settled',
      resolution: sent.resolution,
      settledBy: author.user,
      settledAt: at,
      ...more,
      history: [...known.history, happened('settled', settlement, at, sent.resolution?.merged)],
    },
    set,
    circumstances,
    clk['resolution'] === undefined ? {} : { resolution: clk['resolution'] },
  );
  return ACCEPTED;
}

/** Takes a decision back, unless the document has moved on since. */
function reopen(settlement: Settlement): Outcome {
  const { entry, set, circumstances } = settlement;
  const known = asConflict(entry);
  const document = documentOf(known, settlement);
  if (known.settledRev === undefined || document === undefined || document.deleted)
    return refuse('not_open', 'This can’t be taken back any more.');
  if (document.doc.rev !== known.settledRev) return refuse('moved_on');
  if (known.resolution?.choice !== 'theirs')
    writeDocument(document, withVersion(document, known.theirs), settlement);
  const now = documentOf(known, settlement) ?? document;
  editEntry(
    entry,
    {
      state: 'open',
      resolution: undefined,
      settledBy: undefined,
      settledAt: undefined,
      settledRev: undefined,
      theirsRev: now.doc.rev ?? 0,
      history: [...known.history, happened('reopened', settlement, set.turn.updatedAt)],
    },
    set,
    circumstances,
  );
  return ACCEPTED;
}

/** Somebody decided before: what this one wanted is kept for them. */
function secondSettlement(settlement: Settlement): Outcome {
  const { row, sent, entry, set, circumstances } = settlement;
  const known = asConflict(entry);
  const document = documentOf(known, settlement);
  const { choice, merged } = sent.resolution ?? {};
  const wanted = choice === 'merge' ? merged : choice === 'mine' ? known.mine : known.theirs;
  if (document !== undefined && wanted !== undefined)
    keepLoss(
      {
        place: document,
        op: row.op,
        reason: 'settled_before',
        fields: known.fields,
        mine: {
          ...writtenBy(row.doc, circumstances.author.user, circumstances.device),
          doc: wanted,
        },
        theirs: storedVersion(document),
      },
      set,
      circumstances,
    );
  return lose('settled_before');
}
