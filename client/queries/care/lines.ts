// Days and their feedings as the lines of one list.

import type { Day, DayKey } from './days.ts';
import type { FeedingRow } from './feedings.ts';

export interface DayLine {
  readonly kind: 'day';
  readonly id: string;
  readonly day: DayKey;
  readonly totalMl: number;
  readonly count: number;
  /** Whether all feedings of the day are listed. */
  readonly whole: boolean;
}
export interface FeedingLine {
  readonly kind: 'feeding';
  readonly id: string;
  readonly row: FeedingRow;
  /** Since the feeding before it. */
  readonly gapMs: number | undefined;
}
export type Line = DayLine | FeedingLine;

/**
 * @param today stands first also while it has no feeding; undefined where only some feedings are
 * listed, so that neither an empty day nor the time between two of them would tell the truth.
 */
export const linesOf = (
  days: readonly Day<FeedingRow>[],
  today: DayKey | undefined,
): readonly Line[] => {
  const lines: Line[] = [];
  const without = today !== undefined && !days.some(({ key }) => key === today);
  let owed = without ? today : undefined;
  days.forEach(({ key, totalMl, feedings }, at) => {
    if (owed !== undefined && key < owed) {
      lines.push(emptyDay(owed));
      owed = undefined;
    }
    const count = feedings.length;
    lines.push({
      kind: 'day',
      id: `day ${key}`,
      day: key,
      totalMl,
      count,
      whole: today !== undefined,
    });
    feedings.forEach((row, index) => {
      const before = feedings[index + 1] ?? days[at + 1]?.feedings[0];
      const gapMs = today !== undefined && before ? row.atMs - before.atMs : undefined;
      lines.push({ kind: 'feeding', id: row.id, row, gapMs });
    });
  });
  return owed === undefined ? lines : [...lines, emptyDay(owed)];
};

const emptyDay = (day: DayKey): DayLine => ({
  kind: 'day',
  id: `day ${day}`,
  day,
  totalMl: 0,
  count: 0,
  whole: true,
});
