// How long the server took to answer, as a chart: which requests, and the scale beside them.

import type { Sample } from '../../../replication/index.ts';
import { formatNumber } from '../format.ts';

/** As many as a small chart can show. */
const SHOWN = 40;
export const LINES = 4;

/** The latest of one kind, oldest first. */
export const samplesOf = (samples: readonly Sample[], kind: Sample['kind']): readonly Sample[] =>
  samples.filter((sample) => sample.kind === kind).slice(-SHOWN);

/** The distance between two lines of the scale, a round number, so that four reach the top. */
export const stepFor = (largestMs: number): number => {
  const least = Math.max(1, largestMs / LINES);
  const ten = 10 ** Math.floor(Math.log10(least));
  const steps = ten < 10 ? [1, 2, 5] : [1, 2, 2.5, 5];
  return ten * (steps.find((one) => one * ten >= least) ?? 10);
};

/** `120 ms`, `1.4 s` */
export const formatLatency = (latencyMs: number): string =>
  latencyMs < 1_000
    ? `${formatNumber(Math.round(latencyMs))} ms`
    : `${formatNumber(Math.round(latencyMs / 100) / 10)} s`;

export const averageOf = (samples: readonly Sample[]): number | undefined =>
  samples.length === 0
    ? undefined
    : samples.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / samples.length;
