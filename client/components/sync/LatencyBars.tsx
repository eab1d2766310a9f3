// The bars themselves: one per request, the latest at the right, a dashed line at the average.

import type { Sample } from '../../../replication/index.ts';
import { formatClock, plural } from '../../queries/format.ts';
import { formatLatency, LINES, stepFor } from '../../queries/sync/latency.ts';

const WIDTH = 320;
const HEIGHT = 130;
const LEFT = 46;
const TOP = 8;
const BOTTOM = 8;
const INNER = { width: WIDTH - LEFT, height: HEIGHT - TOP - BOTTOM };
/** Few bars stay as narrow as many. */
const FEWEST_SLOTS = 20;

interface LatencyBarsProps {
  readonly samples: readonly Sample[];
  readonly averageMs: number;
}

export const LatencyBars = ({ samples, averageMs }: LatencyBarsProps) => {
  const largest = Math.max(...samples.map(({ latencyMs }) => latencyMs));
  const step = stepFor(largest);
  const y = (ms: number): number => TOP + INNER.height * (1 - ms / (step * LINES));
  const slot = INNER.width / Math.max(FEWEST_SLOTS, samples.length);
  const last = samples.at(-1);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      role="img"
      aria-label={`The last ${plural(samples.length, 'request', 'requests')}. Longest ${formatLatency(largest)}, latest ${formatLatency(last?.latencyMs ?? 0)}.`}
      className="bars digits"
    >
      {Array.from({ length: LINES + 1 }, (_, at) => at * step).map((ms) => (
        <g key={ms}>
          <line x1={LEFT} x2={WIDTH} y1={y(ms)} y2={y(ms)} className="bars-line" />
          <text x={LEFT - 6} y={y(ms)} textAnchor="end" dominantBaseline="central">
            {formatLatency(ms)}
          </text>
        </g>
      ))}
      {samples.map(({ atMs, latencyMs, rows }, at) => {
        const x = WIDTH - (samples.length - at) * slot;
        return (
          <g key={`${atMs} ${at}`}>
            {/* The whole slot tells its numbers, also where the bar is low. */}
            <rect x={x} y={TOP} width={slot} height={INNER.height} fill="transparent">
              <title>{`${formatClock(atMs, atMs)}: ${formatLatency(latencyMs)} for ${plural(rows, 'record', 'records')}`}</title>
            </rect>
            <rect
              x={x + slot * 0.15}
              y={y(latencyMs)}
              width={slot * 0.7}
              height={Math.max(1, TOP + INNER.height - y(latencyMs))}
              rx={Math.min(2, slot / 5)}
              className="bar"
            />
          </g>
        );
      })}
      <line x1={LEFT} x2={WIDTH} y1={y(averageMs)} y2={y(averageMs)} className="bars-average" />
    </svg>
  );
};
