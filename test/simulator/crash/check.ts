// What must be true of a device that died and has healed, and of what the server did with its work.

import type { RefusedWrite } from '../../../replication/index.ts';
import type { Group } from '../../../replication/outbox/group.ts';
import { sameClock } from '../../../replication/stamp/clock.ts';
import { deviceOf } from '../../../replication/stamp/stamp.ts';
import type { Sent, Watch } from '../model/watch.ts';
import { includes, type Disk } from './disk.ts';
import type { ServerLog } from './server-log.ts';
import type { Pushed } from './wire.ts';

export interface Evidence {
  readonly device: string;
  readonly disk: Disk;
  readonly watch: Watch;
  readonly log: ServerLog;
  readonly pushed: readonly Pushed[];
  /** What of earlier processes' groups was not on the disk when a request was sent. */
  readonly unfinished: readonly string[];
  readonly refused: readonly RefusedWrite[];
}

/** One stamp that a write gave to an entry of a document. */
interface Mark {
  readonly key: string;
  readonly entry: string;
  readonly stamp: string;
}

const stands = ({ verdict }: Sent): boolean => verdict === 'accepted' || verdict === 'merged';
const told = (what: object): string => JSON.stringify(what);

/** Everything that is not as it must be. */
export function problemsOf(evidence: Evidence): readonly string[] {
  const { watch, device } = evidence;
  const rows = watch.pushes.flat().filter((row) => row.device === device);
  return [
    ...watch.problems,
    ...marksOf(evidence).flatMap((mark) => checkMark(mark, rows, evidence)),
    ...evidence.disk.groups.flatMap((group) => checkGroup(group, rows, evidence)),
    ...evidence.disk.asked.flatMap((keys) => checkTogether(keys, evidence)),
    ...checkRefused(rows, evidence),
    ...checkAgain(evidence),
    ...evidence.unfinished.map((key) => `${key} was not completed before something was sent`),
  ];
}

/** Everything that people wrote on the device and that reached its disk, acknowledged or not. */
function marksOf({ disk, device }: Evidence): readonly Mark[] {
  const marks = new Map<string, Mark>();
  const members = disk.groups.flatMap(({ members }) => members);
  for (const { collection, id, doc } of [...disk.written, ...members])
    for (const [entry, stamp] of Object.entries(doc.clk ?? {}))
      if (deviceOf(stamp) === device) {
        const key = `${collection}/${id}`;
        marks.set(`${key} ${entry} ${stamp}`, { key, entry, stamp });
      }
  return [...marks.values()];
}

/** A write has one effect where it stands, none where it does not, and was judged. */
function checkMark(mark: Mark, rows: readonly Sent[], { log }: Evidence): readonly string[] {
  const { key, entry, stamp } = mark;
  const own = rows.filter((row) => row.key === key);
  const bearing = own.filter(({ doc }) => doc.clk?.[entry] === stamp);
  if (bearing.length === 0) {
    // Written over on the device before it was sent.
    const isReplaced = own.some(({ doc }) => (doc.clk?.[entry] ?? '') > stamp);
    return isReplaced ? [] : [`${told(mark)} was written and never judged`];
  }
  const effects = log.effects(key, entry, stamp);
  if (effects.length > 1) return [`${told(mark)} took effect in the commits ${effects.join()}`];
  const fresh = bearing.filter(({ base }) => base?.clk[entry] !== stamp);
  if (effects.length === 1)
    return fresh.some(stands) ? [] : [`${told(mark)} was refused and took effect`];
  const lost = fresh.filter(
    ({ verdict, seq }) =>
      verdict === 'accepted' &&
      !log.versions(key).some((it) => it.seq === seq && (it.doc.clk?.[entry] ?? '') > stamp),
  );
  return lost.length === 0 ? [] : [`${told(mark)} was accepted and took no effect`];
}

/** All of a group in one commit, or none of it in any. */
function checkGroup(
  { id, label, members }: Group,
  rows: readonly Sent[],
  { log, device }: Evidence,
): readonly string[] {
  const own = rows.filter(({ group }) => group?.id === id);
  const name = `"${label}" (${id})`;
  if (own.length !== members.length)
    return [`${own.length} of the ${members.length} members of ${name} were judged`];
  const seqs = new Set(own.map(({ seq }) => seq));
  if (seqs.size !== 1 || (own.some(stands) && !own.every(stands)))
    return [`${name} was split: ${told(own.map(({ verdict, seq }) => ({ verdict, seq })))}`];
  const [at] = seqs;
  return members.flatMap(({ collection, id: member, doc, before }) =>
    Object.entries(doc.clk ?? {})
      .filter(([entry, stamp]) => deviceOf(stamp) === device && before?.clk?.[entry] !== stamp)
      .flatMap(([entry, stamp]) => log.effects(`${collection}/${member}`, entry, stamp))
      .filter((seq) => seq !== at || !own.every(stands))
      .map((seq) => `${collection}/${member} of ${name} took effect in ${seq}, not in ${at}`),
  );
}

/** What was made together is there together, whether its group was recorded or not. */
function checkTogether(keys: readonly string[], { log }: Evidence): readonly string[] {
  const there = keys.filter((key) => log.versions(key).length > 0);
  if (there.length === 0 || there.length === keys.length) return [];
  return [`the server has only a part of ${keys.join()}: ${there.join()}`];
}

/** Who wrote what was refused is told so, once. */
function checkRefused(rows: readonly Sent[], { refused, disk }: Evidence): readonly string[] {
  const missing = rows
    .filter((row) => !stands(row) && !refused.some(({ op }) => op === row.op))
    // Another row that brings all of it, and more, settles it.
    .filter((row) => !rows.some((other) => settles(other, row)));
  const needless = refused.filter(
    ({ op, verdict }) => !rows.some((row) => row.op === op && row.verdict === verdict),
  );
  const versions = [...disk.written, ...disk.groups.flatMap(({ members }) => members)];
  const foreign = refused.filter(
    ({ id, doc }) =>
      !versions.some(
        (version) =>
          version.id === id &&
          sameClock(version.doc.clk, doc.clk) &&
          (version.doc._deleted === true) === (doc._deleted === true),
      ),
  );
  const ops = refused.map(({ op }) => op);
  const twice = ops.filter((op, index) => ops.indexOf(op) !== index);
  return [
    ...missing.map(({ key, op, verdict, code }) => `${key} ${op}: ${verdict} ${code} was not told`),
    ...needless.map(({ op, verdict }) => `${op} is told to be ${verdict} and is not`),
    ...foreign.map(
      ({ id, code }) => `${id}: what was refused (${code}) is nothing that was written`,
    ),
    ...twice.map((op) => `${op} is told twice`),
  ];
}

/** What arrives late may have been settled by then. */
const settles = (other: Sent, row: Sent): boolean =>
  other.op !== row.op && other.key === row.key && includes(other.doc, row.doc);

/** What has its verdict, and the device has written that down, is not sent again. */
function checkAgain({ disk, pushed }: Evidence): readonly string[] {
  return pushed
    .filter(({ row, sentAt }) =>
      pushed.some(
        (first) =>
          first.row.op === row.op &&
          disk.settled.some(
            ({ id, at }) =>
              id === row.doc['id'] && at > (first.answeredAt ?? Infinity) && at < sentAt,
          ),
      ),
    )
    .map(({ row }) => `${row.op} of ${row.collection}/${String(row.doc['id'])} was sent again`);
}
