// Counting attempts in a store that several processes share.

import { expect, it, vi } from 'vitest';
import { Throttle } from '../../server/auth/throttle.ts';
import { openMemoryStore } from '../../server/store/memory/store.ts';

function open() {
  let nowMs = Date.UTC(2026, 0, 1);
  const store = openMemoryStore();
  const now = (): number => nowMs;
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { store, pass, throttle: (of = 'log-in') => new Throttle(store, now, of) };
}
const passed = async (attempts: readonly Promise<void>[]): Promise<number> =>
  (await Promise.allSettled(attempts)).filter(({ status }) => status === 'fulfilled').length;
const times = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

it('an office whose people all log in at once is let in, with one write for each', async () => {
  const { store, throttle } = open();
  const write = vi.spyOn(store, 'writeRecords');
  const one = throttle();
  expect(await passed(times(40).map((at) => one.attempt(`${at}@example.org`, '10.0.0.1')))).toBe(
    40,
  );
  expect(write).toHaveBeenCalledTimes(40);
});

it('attempts through several processes at once are counted each', async () => {
  const { throttle, pass } = open();
  const all = [throttle(), throttle(), throttle()];
  const attempt = async (at: number) => all[at % 3]?.attempt(`${at}@example.org`, '10.0.0.1');
  expect(await passed(times(60).map(attempt))).toBe(50);
  await expect(attempt(60)).rejects.toMatchObject({ code: 'throttled' });
  pass(30 * 60_000);
  await expect(attempt(60)).resolves.toBeUndefined();
});

it('guesses at one account from many networks wait a little in the end, at every server', async () => {
  const { throttle, pass } = open();
  const all = [throttle(), throttle()];
  const attempt = async (at: number) => all[at % 2]?.attempt('ada@example.org', `10.0.0.${at}`);
  for (const at of times(100)) await attempt(at);
  await expect(attempt(100)).rejects.toThrow('Try again in 1 sec');
  await expect(attempt(101)).rejects.toThrow('Try again in 1 sec');
  pass(1_000);
  await expect(attempt(102)).resolves.toBeUndefined();
});

it('a good attempt forgives those at its account, and of its network only itself', async () => {
  const { throttle } = open();
  const one = throttle();
  const guesses = times(46).map((at) => one.attempt(`${at}@example.org`, '10.0.0.1'));
  expect(await passed(guesses)).toBe(46);
  for (const _ of times(4)) await one.attempt('ada@example.org', '10.0.0.1');
  await one.succeeded('ada@example.org', '10.0.0.1');
  await one.attempt('ada@example.org', '10.0.0.1');
  await expect(one.attempt('ada@example.org', '10.0.0.1')).rejects.toThrow('Try again in 1 sec');
  await expect(one.attempt('ada@example.org', '10.0.0.2')).resolves.toBeUndefined();
});

it('attempts at one thing say nothing of another', async () => {
  const { throttle } = open();
  expect(await passed(times(9).map(() => throttle().attempt('', '10.0.0.1')))).toBe(5);
  await expect(throttle('first start').attempt('', '10.0.0.1')).resolves.toBeUndefined();
});
