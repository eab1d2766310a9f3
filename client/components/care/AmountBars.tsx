// The bars themselves: one per day, today the last and marked, a dashed line at the average.

import { formatDay, formatShortDay } from '../../queries/care/clock.ts';
import type { DayAmount } from '../../queries/care/days.ts';
import { formatNumber, plural } from '../../queries/format.ts';

const WIDTH = 320;
const HEIGHT = 170;
const LEFT = 38;
const TOP = 8;
const BOTTOM = 22;
const INNER = { width: WIDTH - LEFT, height: HEIGHT - TOP - BOTTOM };
const STEPS = [25, 50, 75, 100, 150, 200, 250, 300, 400, 500];
const LINES = 4;

/** The distance between two lines of the scale, so that at most four of them reach the top. */
const stepFor = (largest: number): number =>
  STEPS.find((step) => step * LINES >= largest) ?? Math.ceil(largest / LINES / 1_000) * 1_000;

interface AmountBarsProps {
  readonly amounts: readonly DayAmount[];
  readonly today: string;
  readonly average: number | undefined;
}

export const AmountBars = ({ amounts, today, average }: AmountBarsProps) => {
  const step = stepFor(Math.max(...amounts.map(({ totalMl }) => totalMl)));
  const y = (ml: number): number => TOP + INNER.height * (1 - ml / (step * LINES));
  const slot = INNER.width / amounts.length;
  const every = Math.ceil(amounts.length / 5);
  const largest = amounts.reduce((one, other) => (other.totalMl > one.totalMl ? other : one));
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      role="img"
      aria-label={`Amounts of the last ${amounts.length} days. Most on ${formatDay(largest.key, today)}: ${formatNumber(largest.totalMl)} ml.`}
      className="bars digits"
    >
      {Array.from({ length: LINES + 1 }, (_, at) => at * step).map((ml) => (
        <g key={ml}>
          <line x1={LEFT} x2={WIDTH} y1={y(ml)} y2={y(ml)} className="bars-line" />
          <text x={LEFT - 6} y={y(ml)} textAnchor="end" dominantBaseline="central">
            {formatNumber(ml)}
          </text>
        </g>
      ))}
      {amounts.map(({ key, totalMl, count }, at) => (
        <g key={key}>
          {/* The whole slot tells its numbers, also where the bar is low. */}
          <rect x={LEFT + at * slot} y={TOP} width={slot} height={INNER.height} fill="transparent">
            <title>{`${formatDay(key, today)}: ${formatNumber(totalMl)} ml in ${plural(count, 'feeding', 'feedings')}`}</title>
          </rect>
          <rect
            x={LEFT + (at + 0.15) * slot}
            y={y(totalMl)}
            width={slot * 0.7}
            height={Math.max(0, TOP + INNER.height - y(totalMl))}
            rx={Math.min(2, slot / 5)}
            className={key === today ? 'bar bar-today' : 'bar'}
          />
          {(amounts.length - 1 - at) % every === 0 && (
            <text
              // The last one ends with the picture.
              x={key === today ? WIDTH : LEFT + (at + 0.5) * slot}
              y={HEIGHT - 6}
              textAnchor={key === today ? 'end' : 'middle'}
            >
              {formatShortDay(key)}
            </text>
          )}
        </g>
      ))}
      {average !== undefined && (
        <line x1={LEFT} x2={WIDTH} y1={y(average)} y2={y(average)} className="bars-average" />
      )}
    </svg>
  );
};
