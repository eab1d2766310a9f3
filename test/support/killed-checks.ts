// What must be true when a till whose pages were killed has healed, as its page, its server and what
// it had acknowledged say.

import type { OutboxRecord, WireDocument } from '../../replication/index.ts';
import { deviceOf } from '../../replication/stamp/stamp.ts';
import type { Deed } from '../journeys/pages/deeds.ts';
import type { Room } from '../simulator/crash/shop.ts';

export interface Healed {
  readonly room: Room;
  readonly device: string;
  readonly deeds: readonly Deed[];
  readonly begun: ReadonlySet<number>;
  readonly done: ReadonlySet<number>;
  readonly refused: readonly OutboxRecord[];
  /** What the device has. */
  readonly documents: ReadonlyMap<string, WireDocument>;
}

/** Everything that is not as it must be. */
export function problemsOf(healed: Healed): readonly string[] {
  const { room, deeds, begun } = healed;
  return [
    ...room.watch.problems,
    ...deeds.flatMap((deed) => (begun.has(deed.number) ? checkDeed(deed, healed) : [])),
    ...checkEffects(healed),
    ...checkRefused(healed),
  ];
}

const membersOf = (deed: Deed): readonly string[] => {
  if (deed.kind === 'insert') return deed.docs.map(({ id }) => `${deed.collection}/${id}`);
  if (deed.kind === 'edit') return [];
  return deed.writes.flatMap((write) =>
    'insert' in write ? [`${write.collection}/${String(write.insert['id'])}`] : [],
  );
};

/** All of it or nothing; all where the page had said so; a group in one commit. */
function checkDeed(deed: Deed, { room, done, documents, refused }: Healed): readonly string[] {
  const name = `deed ${deed.number} (${deed.kind})`;
  if (deed.kind === 'edit') return checkEdit(deed, room, done);
  const members = membersOf(deed);
  const first = members.map((key) => room.log.versions(key)[0]?.seq);
  const there = first.filter((seq) => seq !== undefined);
  const here = members.filter((key) => documents.has(key));
  if (here.length !== there.length) return [`${name}: ${here.length} here, ${there.length} there`];
  if (deed.kind === 'group' && deed.isBad) {
    if (there.length > 0) return [`${name} was to be refused and stands`];
    const told = refused.filter(({ group }) => group?.label === deed.label).length;
    const isTold = told === members.length || (told === 0 && !done.has(deed.number));
    return isTold ? [] : [`${name}: ${told} refusals of ${members.length} are told`];
  }
  if (there.length !== members.length && (there.length > 0 || done.has(deed.number)))
    return [`${name}: ${there.length} of ${members.length} arrived`];
  if (deed.kind === 'group' && new Set(there).size > 1) return [`${name} came in several commits`];
  return [];
}

/** A price is its deed's number, so a later one has a higher number. */
function checkEdit(
  deed: Deed & { readonly kind: 'edit' },
  { log }: Room,
  done: ReadonlySet<number>,
): readonly string[] {
  if (!done.has(deed.number)) return [];
  const key = `${deed.collection}/${deed.id}`;
  const stored = log.latest(key);
  if (stored === undefined) return [];
  const isThere =
    deed.collection === 'sales'
      ? stored['void'] === true
      : Number(stored['priceMinor']) >= deed.number;
  return isThere ? [] : [`deed ${deed.number} was acknowledged and ${key} has nothing of it`];
}

/** No stamp of the device takes effect in two commits, and no operation has two verdicts. */
function checkEffects({ room, device }: Healed): readonly string[] {
  const rows = room.watch.pushes.flat().filter((row) => row.device === device);
  const ops = new Set<string>();
  return rows.flatMap(({ op, key, doc }) => {
    const twice = ops.has(op) ? [`${op} of ${key} was judged twice`] : [];
    ops.add(op);
    const effects = Object.entries(doc.clk ?? {})
      .filter(([, stamp]) => deviceOf(stamp) === device)
      .filter(([entry, stamp]) => room.log.effects(key, entry, stamp).length > 1)
      .map(([entry]) => `${entry} of ${key} took effect twice`);
    return [...twice, ...effects];
  });
}

/** Nothing else was refused than what was to be. */
function checkRefused({ refused, deeds }: Healed): readonly string[] {
  const bad = new Set(
    deeds.flatMap((deed) => (deed.kind === 'group' && deed.isBad ? [deed.label] : [])),
  );
  return refused
    .filter(({ group }) => !bad.has(group?.label ?? ''))
    .map(({ label, lastError }) => `${label} was refused: ${lastError ?? ''}`);
}
