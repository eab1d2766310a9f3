// What the page's main thread did, from Chromium's own trace. Tasks are told by the time that the
// processor spent on them, so that other programs on the machine do not count; frames by the clock.

import type { CDPSession } from 'playwright-core';

export interface Load {
  /** From frame to frame. */
  readonly medianFrameMs: number;
  readonly worstFrameMs: number;
  /** Processor time of the main thread from frame to frame. */
  readonly medianWorkMs: number;
  readonly worstWorkMs: number;
  /** Processor time of the longest task. */
  readonly longestTaskMs: number;
  /** What it consisted of, most first: `MajorGC 12.3, FunctionCall 4.1`. */
  readonly longestTaskWas: string;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** Records while `work` runs. */
export const record = async (
  devtools: CDPSession,
  work: () => Promise<unknown>,
): Promise<readonly TraceEvent[]> => {
  const events: TraceEvent[] = [];
  const take = ({ value }: { readonly value: object[] }): void => {
    events.push(...(value as TraceEvent[]));
  };
  devtools.on('Tracing.dataCollected', take);
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'toplevel',
        'devtools.timeline',
        'disabled-by-default-devtools.timeline',
      ],
      excludedCategories: ['*'],
    },
  });
  await work();
  const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
  await devtools.send('Tracing.end');
  await complete;
  devtools.off('Tracing.dataCollected', take);
  return events;
};

const TASK = 'RunTask';
const FRAME = 'BeginCommitCompositorFrame';

/** @throws {Error} where the trace does not show the page at work. */
export const loadOf = (events: readonly TraceEvent[]): Load => {
  const ofPage = mainThread(events);
  const tasks = ofPage.filter(({ name }) => name === TASK);
  const frames = ofPage.filter(({ name }) => name === FRAME).map(({ ts }) => ts);
  const starts = frames.toSorted((one, other) => one - other);
  const between = starts.slice(1).map((ts, at) => (ts - (starts[at] ?? ts)) / 1_000);
  const work = new Float64Array(starts.length);
  let frame = 0;
  for (const { ts, tdur = 0 } of tasks.toSorted((one, other) => one.ts - other.ts)) {
    while (frame < starts.length && (starts[frame] ?? 0) < ts) frame += 1;
    if (frame < starts.length) work[frame] = (work[frame] ?? 0) + tdur / 1_000;
  }
  return {
    medianFrameMs: median(between),
    worstFrameMs: most(between),
    medianWorkMs: median([...work]),
    worstWorkMs: most(work),
    longestTaskMs: most(tasks.map(({ tdur = 0 }) => tdur / 1_000)),
    longestTaskWas: partsOf(tasks.toSorted((one, other) => cpu(other) - cpu(one))[0], ofPage),
  };
};

const cpu = ({ tdur = 0 }: TraceEvent): number => tdur / 1_000;

/** What lies directly or deeper within a task: a part counts what it contains, too. */
const partsOf = (task: TraceEvent | undefined, events: readonly TraceEvent[]): string => {
  if (!task) return '';
  const { ts, dur = 0 } = task;
  const parts = new Map<string, number>();
  for (const event of events)
    if (event.name !== TASK && event.ts >= ts && event.ts < ts + dur)
      parts.set(event.name, (parts.get(event.name) ?? 0) + cpu(event));
  return [...parts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 4)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
    .join(', ');
};

const mainThread = (events: readonly TraceEvent[]): readonly TraceEvent[] => {
  const busy = new Map<string, number>();
  const key = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  for (const event of events)
    if (event.name === FRAME) busy.set(key(event), (busy.get(key(event)) ?? 0) + 1);
  const [busiest] = [...busy].toSorted(([, one], [, other]) => other - one);
  if (!busiest) throw new Error('The trace has no frame of a page.');
  return events.filter((event) => key(event) === busiest[0]);
};

const most = (values: Iterable<number>): number => {
  let found = 0;
  for (const value of values) found = Math.max(found, value);
  return found;
};

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
