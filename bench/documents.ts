// Documents of about 330 bytes with time-ordered ids, as rows of a push.

import {
  createStampClock,
  isDeviceId,
  makeNode,
  operationOf,
  type StampClock,
} from '../replication/core.ts';
import { advanceVector } from '../replication/core.ts';

const DEVICE = 'be9c40a11e';
if (!isDeviceId(DEVICE)) throw new Error('The device id of the bench is malformed.');
const clock: StampClock = createStampClock(makeNode(DEVICE, '000001'), Date.now);

let made = 0;
const uuid7 = (): string => {
  const time = Date.now().toString(16).padStart(12, '0');
  const count = (made += 1).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count.slice(0, 3)}-8${count.slice(3, 6)}-${count.slice(6)}be9c40`;
};

const PLACE = { lat: 51.5, lng: 7.4 };

/** One new pin as a row; about 330 bytes of document. */
export function makeRow(title = 'Bench pin', position = PLACE): object {
  const stamp = clock.tick();
  const clk = { '*': stamp };
  const now = new Date().toISOString();
  const doc = {
    id: uuid7(),
    title,
    position,
    kind: 'site',
    status: 'open',
    notes: '',
    clk,
    vv: advanceVector({}, stamp),
    rev: 0,
    createdAt: now,
    updatedAt: now,
    createdBy: '',
    updatedBy: '',
  };
  return { op: operationOf(clk, false, DEVICE), collection: 'pins', doc };
}

export const pushBody = (rows: readonly object[]): string =>
  JSON.stringify({ device: DEVICE, schema: { pins: 0 }, rows });

export const documentBytes = (): number => {
  const { doc } = makeRow() as { doc: object };
  return Buffer.byteLength(JSON.stringify(doc));
};
