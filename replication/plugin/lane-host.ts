// What serves the lanes of a session, as each of them sees it.

import type { Lane } from '../feed/lane.ts';
import type { LaneHost } from '../feed/lane-host.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import type { PullRounds } from '../pull/rounds.ts';
import type { PushCoordinator } from '../push/coordinator.ts';
import type { DeviceFull } from './device-full.ts';
import type { History } from './history.ts';
import type { Link } from './link.ts';
import type { LocalCollection } from './raw.ts';
import type { Receiving } from './receiving.ts';
import type { Resync } from './resync.ts';
import { replicate, watchWrites } from './rx.ts';
import type { Timers } from './timers.ts';
import type { Timing } from './types.ts';

export interface LaneServers {
  readonly timing: Pick<Timing, 'firstRetryMs' | 'longestRetryMs'>;
  readonly link: Pick<Link, 'isStopped'>;
  readonly full: Pick<DeviceFull, 'room'>;
  readonly history: History;
  readonly rounds: PullRounds;
  readonly outbox: LocalOutbox;
  readonly push: PushCoordinator;
  readonly receiving: Receiving;
  readonly resync: Resync;
  readonly timers: Timers;
  readonly failed: (error: unknown) => void;
}

/** Lets RxDB replicate all lanes' collections. Gives what ends the watching of their writes. */
export const connectAll = (
  lanes: readonly Lane[],
  locals: ReadonlyMap<string, LocalCollection>,
  outbox: Pick<LocalOutbox, 'wrote'>,
  servers: Pick<LaneServers, 'timing' | 'timers' | 'failed'>,
): readonly (() => void)[] =>
  lanes.map((lane) => {
    const { collection } = lane;
    const local = locals.get(collection.name);
    if (local === undefined) throw new Error(`"${collection.name}" is not open.`);
    const end = watchWrites(local, (writes) => outbox.wrote(collection, writes));
    connect(lane, local, servers);
    return end;
  });

function connect(
  lane: Lane,
  local: LocalCollection,
  { timing, timers, failed }: Pick<LaneServers, 'timing' | 'timers' | 'failed'>,
): void {
  lane.port = replicate(
    local,
    {
      push: (rows) => lane.up.push(rows),
      pull: (stored) => lane.pull(stored),
      failed: (error) => {
        lane.broke();
        failed(error);
      },
      later: (run) => timers.after(`start ${lane.collection.name}`, timing.firstRetryMs, run),
    },
    lane.up.isOvertaken,
  );
}

export function laneHost(lane: Lane, servers: LaneServers): LaneHost {
  const { timing, link, full, history, rounds, outbox, push, receiving, resync, timers, failed } =
    servers;
  const { collection } = lane;
  return {
    page: async () => {
      const { generation } = lane;
      await Promise.all([history.recall(lane.epoch), full.room()]);
      return rounds.page(lane, generation);
    },
    send: (rows) => {
      outbox.found(
        collection,
        rows.filter(({ doc }) => !push.isLetGo(doc)),
      );
      return push.send(lane, rows);
    },
    settled: (rows) => {
      outbox.settled(collection, rows);
      push.settled(lane, rows).catch(failed);
    },
    expecting: (documents) => receiving.expect(lane, documents),
    receiving: (documents, isAgain) => receiving.note(lane, documents, isAgain),
    rested: () => receiving.rested(lane),
    prepared: () => resync.prepared(lane),
    whole: () => resync.whole(lane),
    later: (failures, run) => {
      const { firstRetryMs, longestRetryMs } = timing;
      const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 30));
      timers.after(`repair ${collection.name}`, delayMs, run);
    },
    failed,
    get isStopped() {
      return link.isStopped;
    },
  };
}
