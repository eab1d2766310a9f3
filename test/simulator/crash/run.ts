// One device that dies once or several times over its work, starts again each time, and is looked at
// in the end.

import { isDeepStrictEqual } from 'node:util';
import type { WireDocument } from '../../../replication/index.ts';
import { until } from '../../support/until.ts';
import { problemsOf } from './check.ts';
import { Disk } from './disk.ts';
import type { Death } from './fail-points.ts';
import { Life } from './life.ts';
import { scriptOf, type Hands, type Script } from './script.ts';
import { OPEN, type Room, type Shop } from './shop.ts';
import { Wire } from './wire.ts';

/** How long a device may take to heal. */
const PATIENCE_MS = 60_000;

/** What a seed says that people do, and where the device dies, life by life. */
export interface Plan {
  readonly seed: number;
  readonly deaths: readonly Death[];
}

interface Run {
  readonly room: Room;
  readonly disk: Disk;
  readonly wire: Wire;
  readonly script: Script;
  /** The device's id, as each life had it. */
  readonly devices: Set<string>;
}

/**
 * Plays one run; gives the lives that it had.
 *
 * @throws {Error} with everything that is not as it must be.
 */
export async function play(shop: Shop, { seed, deaths }: Plan): Promise<readonly Life[]> {
  const room = await shop.openRoom();
  const disk = new Disk(room.name);
  const wire = new Wire(disk, room);
  const run: Run = { room, disk, wire, script: scriptOf(seed), devices: new Set() };
  const lives: Life[] = [];
  let next = 0;
  try {
    for (;;) {
      const number = lives.length;
      const life = new Life({
        number,
        disk,
        wire,
        collections: OPEN,
        death: deaths[number],
        bug: shop.bug,
      });
      lives.push(life);
      next = await liveOn(run, life, next);
      if (!life.isAlive) continue;
      await check(run, life);
      return lives;
    }
  } finally {
    await lives.at(-1)?.close();
  }
}

/** One life, from a deed on until all has healed or it dies; the deed with which another goes on. */
async function liveOn(run: Run, life: Life, from: number): Promise<number> {
  let next = from;
  const living = async (): Promise<void> => {
    await life.start();
    run.devices.add(life.sync.device());
    const hands = handsOf(run, life);
    for (let deed = run.script[next]; deed !== undefined; deed = run.script[next]) {
      next += 1;
      await deed.run(hands);
      if (!life.isAlive) return;
    }
    await heal(run, life);
    // Before anything else is waited for: what comes next is not to be cut off.
    life.spare();
  };
  await Promise.race([living(), life.ended]);
  return next;
}

function handsOf({ wire, disk, room }: Run, life: Life): Hands {
  return {
    atomic: async (label, writes) => {
      const inserts = writes.flatMap((write) =>
        'insert' in write ? [`${write.collection}/${String(write.insert['id'])}`] : [],
      );
      disk.asked.push(inserts);
      await life.sync.atomic(label, writes);
    },
    local: (name) => life.local(name),
    setOnline: (online) => wire.setOnline(online),
    elsewhere: room.elsewhere,
    rest: async () => {
      await until(() => !life.isAlive || isQuiet(life), 'the device to be in step');
    },
    arrives: async (collection, id) => {
      const has = (): boolean => disk.documents(collection).has(id);
      await until(() => !life.isAlive || has(), 'a document from elsewhere');
    },
  };
}

/** Until the first answer, a device that something waits on shows that and not that it starts. */
const isQuiet = ({ status }: Life): boolean => {
  const { pending, state, lastSyncedAtMs } = status ?? {};
  if (lastSyncedAtMs === undefined) return false;
  return pending === 0 && (state === 'synced' || state === 'attention');
};

/** Resolves when the device and the server agree, or the device is dead. */
async function heal(run: Run, life: Life): Promise<void> {
  run.wire.setOnline(true);
  await run.wire.settle();
  let differences: readonly string[] = [];
  const agree = async (): Promise<boolean> => {
    const groups = await run.disk.ledger.groups();
    differences = life.isAlive ? differencesOf(run, life) : [];
    return differences.length === 0 && (groups.length === 0 || !life.isAlive);
  };
  await until(agree, 'device and server to agree', PATIENCE_MS).catch((error: unknown) => {
    throw new Error([String(error), ...differences].join('\n'), { cause: error });
  });
}

/** What one sees without asking either of them. */
function differencesOf({ disk, room }: Run, life: Life): readonly string[] {
  const found = isQuiet(life) ? [] : [`the device says ${JSON.stringify(life.status)}`];
  for (const { name } of OPEN) {
    const here = disk.documents(name);
    const there = room.log.all(name);
    for (const id of new Set([...here.keys(), ...there.keys()])) {
      const mine = shown(here.get(id));
      const theirs = shown(there.get(id));
      if (!isDeepStrictEqual(mine, theirs))
        found.push(`${name}/${id}: ${JSON.stringify(mine)} here, ${JSON.stringify(theirs)} there`);
    }
  }
  return found;
}

const shown = (document: WireDocument | undefined): object | undefined =>
  document === undefined || document._deleted === true
    ? undefined
    : Object.fromEntries(
        Object.entries(document).filter(
          ([field, value]) => field !== '_deleted' && value !== undefined,
        ),
      );

/** All is as it must be; and what comes next goes well, too, whatever document it is about. */
async function check(run: Run, life: Life): Promise<void> {
  await report(run, life);
  const { log, elsewhere } = run.room;
  const news = { expenses: { note: 'news' }, products: { reorderLevel: 9 }, sales: { void: true } };
  await elsewhere(
    ...Object.entries(news).flatMap(([name, fields]) =>
      [...log.all(name).keys()].map((id) => [name, id, fields] as const),
    ),
  );
  await heal(run, life);
  const found = await life.local('expenses').find().exec();
  await Promise.all(found.map((document) => document.incrementalPatch({ category: 'other' })));
  await heal(run, life);
  await report(run, life);
}

async function report({ room, disk, wire, devices }: Run, life: Life): Promise<void> {
  const { watch, log } = room;
  const device = life.sync.device();
  devices.add(device);
  const { refused } = life;
  const { pushed, unfinished } = wire;
  const found = [...problemsOf({ device, disk, watch, log, refused, pushed, unfinished })];
  if (devices.size > 1) found.push(`it became another device: ${[...devices].join()}`);
  for (const one of await life.sync.verify())
    if (!one.equal) found.push(`it says that ${JSON.stringify(one)}`);
  if (found.length > 0) throw new Error(found.slice(0, 20).join('\n'));
}
