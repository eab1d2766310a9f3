// A lane by itself: what it asks of RxDB, step by step.

import { expect, test } from 'vitest';
import { Lane } from '../../replication/feed/lane.ts';
import type { LaneHost } from '../../replication/feed/lane-host.ts';
import type { Page } from '../../replication/feed/page-in-hand.ts';
import type { WireDocument } from '../../replication/index.ts';
import type { Replication } from '../../replication/plugin/rx.ts';
import { foreign, notes } from './support/world.ts';

const laneWith = (
  answers: readonly WireDocument[] = [],
  documents: readonly WireDocument[] = [],
) => {
  const asked = { again: 0, sent: 0 };
  let settleUp = (): void => {};
  const page: Page = { documents, checkpoint: 'e:1', more: false, epoch: 'e', upTo: 1 };
  const host: LaneHost = {
    page: () => Promise.resolve(page),
    send: () => ((asked.sent += 1), Promise.resolve(answers)),
    settled: () => {},
    expecting: () => undefined,
    receiving: () => {},
    rested: () => {},
    prepared: () => Promise.resolve(),
    whole: () => {},
    later: () => {},
    failed: (error) => {
      throw error;
    },
    isStopped: false,
  };
  const port: Replication = {
    askAgain: () => (asked.again += 1),
    upSettled: () => new Promise<void>((resolve) => (settleUp = resolve)),
    downSettled: () => Promise.resolve(),
    storePosition: () => Promise.resolve(),
    stored: () => Promise.resolve([]),
    assumed: () => Promise.resolve(new Map()),
    started: () => Promise.resolve(),
    place: undefined as never,
    putBack: () => Promise.resolve(),
    scan: () => Promise.resolve(),
    cancel: () => Promise.resolve(),
  };
  const lane = new Lane(notes, () => host);
  lane.port = port;
  return { lane, asked, settleUp: () => settleUp() };
};
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
const event = (to: number, ...documents: readonly WireDocument[]) => ({
  from: to - 1,
  to,
  checkpoint: `e:${to}`,
  documents: { notes: documents },
});

test('a row that RxDB repeats after a settled conflict is answered here', async () => {
  const { lane, asked } = laneWith();
  const doc = { ...foreign('a', 'x'), rev: 3 };
  expect(await lane.up.push([{ doc, assumed: { ...doc } }])).toEqual([]);
  expect(asked.sent).toBe(0);
});

test('the echo of one’s own push moves the position without asking RxDB for anything', async () => {
  const mine = { ...foreign('a', 'x'), rev: 2 };
  const { lane, asked, settleUp } = laneWith([mine]);
  await lane.pull(undefined);
  await turns();
  const pushed = lane.up.push([{ doc: { ...mine, rev: 0 }, assumed: undefined }]);
  lane.accept(event(2, mine), 'e');
  await pushed;
  settleUp();
  await turns();
  expect(asked.again).toBe(0);
  expect(lane.checkpoint).toBe('e:2');
});

test('events are held while a push is under way, and handed over once after it', async () => {
  const mine = { ...foreign('a', 'x'), rev: 2 };
  const { lane, asked, settleUp } = laneWith([mine]);
  await lane.pull(undefined);
  await turns();
  await lane.up.push([{ doc: { ...mine, rev: 0 }, assumed: undefined }]);
  lane.accept(event(2, mine), 'e');
  lane.accept(event(3, { ...foreign('b', 'y'), rev: 3 }), 'e');
  expect(asked.again).toBe(0);
  settleUp();
  await turns();
  expect(asked.again).toBe(1);
  const delivery = await lane.pull({ at: 'e:1', epoch: 'e', seq: 1 });
  expect(delivery.documents.map(({ id }) => id)).toEqual(['b']);
  expect(delivery.position).toEqual({ at: 'e:3', epoch: 'e', seq: 3 });
});

test('RxDB is not asked again before it has stored what it was given', async () => {
  const { lane, asked } = laneWith();
  await lane.pull(undefined);
  await turns();
  lane.accept(event(2, { ...foreign('a', 'x'), rev: 2 }), 'e');
  lane.accept(event(3, { ...foreign('b', 'x'), rev: 3 }), 'e');
  lane.pullSoon();
  expect(asked.again).toBe(1);
});

test('a late event does not take the position back', async () => {
  const { lane, asked } = laneWith();
  await lane.pull(undefined);
  await turns();
  lane.accept(event(2), 'e');
  lane.accept(event(3, { ...foreign('a', 'new'), rev: 3 }), 'e');
  lane.accept(event(2, { ...foreign('a', 'old'), rev: 2 }), 'e');
  lane.accept(event(4), 'e');
  const { documents, position } = await lane.pull(undefined);
  expect(documents.map(({ title }) => title)).toEqual(['new']);
  expect(position?.seq).toBe(4);
  expect(asked.again).toBe(1);
});

test('a large page is given in pieces, each after the last is stored, and only then counts', async () => {
  const documents = Array.from({ length: 1_200 }, (_, at) => foreign(`d${at}`, 'x'));
  const { lane, asked } = laneWith([], documents);
  const pieces: number[] = [];
  while (lane.checkpoint === null) {
    const { documents: piece, position } = await lane.pull(undefined);
    pieces.push(piece.length);
    expect(position === undefined).toBe(lane.checkpoint === null);
    expect(asked.again).toBe(pieces.length - 1);
    expect((await lane.pull(undefined)).documents).toEqual([]);
    await turns();
  }
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBe(1_200);
});
