// Hybrid logical clock readings as fixed-width text: 12 hex digits of milliseconds, 6 of counter,
// a dash, 16 of node. They compare by code unit. After Kulkarni et al., "Logical Physical Clocks"
// (2014). The node is 10 digits of the device and 6 random ones for each load of the page, so no
// clock has to be kept between sessions.

import type { Clock } from '../../schemas/index.ts';
import type { DeviceId } from '../protocol/index.ts';

declare const brand: unique symbol;
export type Stamp = string & { readonly [brand]: 'Stamp' };
export type NodeId = string & { readonly [brand]: 'NodeId' };

const STAMP = /^[0-9a-f]{18}-[0-9a-f]{16}$/;
const TIME_DIGITS = 12;
const COUNTER_DIGITS = 6;
const NODE_START = TIME_DIGITS + COUNTER_DIGITS + 1;
const DEVICE_DIGITS = 10;
const MAX_COUNTER = 0xffffff;

/** A stamp further ahead of the server than this is replaced by the server. */
export const MAX_DRIFT_MS = 60_000;

export const isStamp = (value: unknown): value is Stamp =>
  typeof value === 'string' && STAMP.test(value);

export const makeNode = (device: DeviceId, sixHexDigits: string): NodeId =>
  `${device}${sixHexDigits}` as NodeId;

export const timeOf = (stamp: string): number => Number.parseInt(stamp.slice(0, TIME_DIGITS), 16);
const counterOf = (stamp: string): number =>
  Number.parseInt(stamp.slice(TIME_DIGITS, NODE_START - 1), 16);
export const deviceOf = (stamp: string): string =>
  stamp.slice(NODE_START, NODE_START + DEVICE_DIGITS);

const format = (timeMs: number, counter: number, node: NodeId): Stamp =>
  `${timeMs.toString(16).padStart(TIME_DIGITS, '0')}${counter
    .toString(16)
    .padStart(COUNTER_DIGITS, '0')}-${node}` as Stamp;

/** Orders two stamps by code unit; locale comparison would not. */
export const isLater = (left: string, right: string): boolean => left > right;

export const highest = (stamps: Iterable<string>): Stamp | undefined => {
  let top: string | undefined;
  for (const stamp of stamps) if (top === undefined || isLater(stamp, top)) top = stamp;
  return top as Stamp | undefined;
};

export interface StampClock {
  /** A stamp above every one given before, above `nowMs` and above the document's own clock. */
  readonly tick: (above?: Clock) => Stamp;
}

/**
 * One stamp with the device of another. The rest of the node stays: the device itself may give, or
 * have given, the same time and counter.
 */
export const withDeviceOf = (stamp: string, writer: string): Stamp =>
  `${stamp.slice(0, NODE_START)}${deviceOf(writer)}${stamp.slice(NODE_START + DEVICE_DIGITS)}` as Stamp;

/**
 * A clock for one node. `now` gives milliseconds since 1970, corrected to the server's time. Stamps
 * more than `maxAheadMs` ahead of it do not push this clock along.
 */
export function createStampClock(
  node: NodeId,
  now: () => number,
  maxAheadMs = Number.POSITIVE_INFINITY,
): StampClock {
  let last: string = format(0, 0, node);
  return {
    tick: (above = {}) => {
      const nowMs = Math.max(0, Math.floor(now()));
      const seen = Object.values(above).filter((stamp) => timeOf(stamp) <= nowMs + maxAheadMs);
      const floor = highest([last, ...seen]) ?? last;
      const floorMs = timeOf(floor);
      let stamp: Stamp;
      if (nowMs > floorMs) stamp = format(nowMs, 0, node);
      else if (counterOf(floor) < MAX_COUNTER) stamp = format(floorMs, counterOf(floor) + 1, node);
      else stamp = format(floorMs + 1, 0, node);
      last = stamp;
      return stamp;
    },
  };
}
