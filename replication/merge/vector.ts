// Version vectors: for each device the highest of its stamps that a version contains.

import type { Clock } from '../../schemas/index.ts';
import { deviceOf, isLater } from '../stamp/stamp.ts';

/** Both vectors' knowledge: the higher entry for each device. */
export function joinVectors(left: Clock = {}, right: Clock = {}): Clock {
  const joined: Record<string, string> = { ...left };
  for (const [device, stamp] of Object.entries(right))
    if (isLater(stamp, joined[device] ?? '')) joined[device] = stamp;
  return joined;
}

/** The vector after a write with this stamp. */
export const advanceVector = (vector: Clock = {}, stamp: string): Clock =>
  joinVectors(vector, { [deviceOf(stamp)]: stamp });

/** Whether `left` knows everything that `right` knows. Two that do not know each other are concurrent. */
export const knows = (left: Clock = {}, right: Clock = {}): boolean =>
  Object.entries(right).every(([device, stamp]) => !isLater(stamp, left[device] ?? ''));
