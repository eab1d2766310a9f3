// Stamps rise whatever the clock on the wall does, and compare as text (DESIGN: hybrid logical clock).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createStampClock,
  deviceOf,
  highest,
  isLater,
  isStamp,
  makeNode,
  timeOf,
  type DeviceId,
  type NodeId,
} from '../../replication/index.ts';
import { holds } from '../support/seed.ts';
import { hex, LATEST_MS, stampText } from './arbitraries.ts';

const node: fc.Arbitrary<NodeId> = fc
  .tuple(hex(10), hex(6))
  .map(([device, load]) => makeNode(device as DeviceId, load));

/** What a clock on the wall may do: go on, stand still, jump ahead, be set back, give fractions. */
const wallClock = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: LATEST_MS }),
    fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_005 }),
    fc.double({ min: 0, max: 2e12, noNaN: true }),
    fc.integer({ min: -1_000, max: 0 }),
  ),
  { minLength: 1, maxLength: 30 },
);

describe('a stamp clock', () => {
  it('rises with every tick, also when the time stands still or is set back', () => {
    holds(2_000, fc.tuple(node, wallClock), ([own, times]) => {
      let nowMs = 0;
      const clock = createStampClock(own, () => nowMs);
      let before = '';
      for (const time of times) {
        nowMs = time;
        const stamp = clock.tick();
        expect(isLater(stamp, before)).toBe(true);
        expect(isStamp(stamp)).toBe(true);
        expect(stamp).toHaveLength(35);
        expect(timeOf(stamp)).toBeGreaterThanOrEqual(Math.max(0, Math.floor(time)));
        before = stamp;
      }
    });
  });

  it('rises above every stamp of the document, also far ahead of the time', () => {
    const values = fc.tuple(
      node,
      fc.integer({ min: 0, max: LATEST_MS }),
      fc.dictionary(fc.string(), stampText, { minKeys: 1, maxKeys: 8 }),
    );
    holds(2_000, values, ([own, nowMs, clk]) => {
      const clock = createStampClock(own, () => nowMs);
      const stamp = clock.tick(clk);
      for (const known of Object.values(clk)) expect(isLater(stamp, known)).toBe(true);
      expect(isLater(clock.tick(), stamp)).toBe(true);
      expect(stamp.endsWith(own)).toBe(true);
      expect(deviceOf(stamp)).toBe(own.slice(0, 10));
    });
  });

  it('keeps the present time where nothing known is ahead of it', () => {
    holds(1_000, fc.tuple(node, fc.integer({ min: 1, max: LATEST_MS })), ([own, nowMs]) => {
      const stamp = createStampClock(own, () => nowMs).tick();
      expect(timeOf(stamp)).toBe(nowMs);
    });
  });

  it('goes on with the next millisecond when the counter is full', () => {
    const values = fc.tuple(node, hex(16), fc.integer({ min: 0, max: LATEST_MS }));
    holds(1_000, values, ([own, other, timeMs]) => {
      const full = `${timeMs.toString(16).padStart(12, '0')}ffffff-${other}`;
      const clock = createStampClock(own, () => 0);
      const stamp = clock.tick({ title: full });
      expect(isStamp(stamp)).toBe(true);
      expect(isLater(stamp, full)).toBe(true);
      expect(timeOf(stamp)).toBe(timeMs + 1);
      expect(stamp.slice(12, 18)).toBe('000000');
    });
  });
});

describe('stamps', () => {
  it('are ordered as time, then counter, then node', () => {
    const part = fc.tuple(fc.integer({ min: 0, max: LATEST_MS }), fc.nat(0xffffff), hex(16));
    const textOf = ([time, counter, by]: readonly [number, number, string]): string =>
      `${time.toString(16).padStart(12, '0')}${counter.toString(16).padStart(6, '0')}-${by}`;
    const near = fc
      .tuple(part, part, fc.boolean(), fc.boolean())
      .map(([left, right, time, count]) => {
        const close: typeof right = [
          time ? left[0] : right[0],
          count ? left[1] : right[1],
          right[2],
        ];
        return [left, close] as const;
      });
    holds(2_000, near, ([left, right]) => {
      const byParts =
        left[0] === right[0]
          ? left[1] === right[1]
            ? left[2] > right[2]
            : left[1] > right[1]
          : left[0] > right[0];
      expect(isLater(textOf(left), textOf(right))).toBe(byParts);
      expect(timeOf(textOf(left))).toBe(left[0]);
    });
  });

  it('have a highest, which is one of them and later than all others', () => {
    holds(1_000, fc.array(stampText, { minLength: 1, maxLength: 20 }), (stamps) => {
      const top = highest(stamps) ?? '';
      expect(stamps).toContain(top);
      for (const stamp of stamps) expect(isLater(stamp, top)).toBe(false);
    });
    expect(highest([])).toBeUndefined();
  });

  it('are refused in any other width, case or alphabet', () => {
    const damaged = fc
      .tuple(stampText, fc.nat(34), fc.constantFrom('', 'g', 'A', ' ', '00', '\n', 'ａ'))
      .map(([stamp, at, text]) => stamp.slice(0, at) + text + stamp.slice(at + 1));
    holds(1_000, damaged, (text) => {
      expect(isStamp(text)).toBe(false);
    });
  });
});
