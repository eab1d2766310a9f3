// A pin's shape beside words that say the same.

import type { PinRow } from '../../queries/map/pins.ts';
import { CHECK, SHAPES } from './glyphs.ts';

interface PinGlyphProps {
  readonly kind: PinRow['kind'];
  readonly status: PinRow['status'];
  readonly size?: number;
}

export const PinGlyph = ({ kind, status, size = 20 }: PinGlyphProps) => {
  const { whole, half, colour } = SHAPES[kind];
  const ink = 'currentColor';
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      fill="none"
      stroke={ink}
      style={{ color: `light-dark(${colour.light}, ${colour.dark})` }}
    >
      <path
        d={whole}
        fill={status === 'open' ? ink : 'none'}
        strokeWidth={2}
        strokeLinejoin="round"
      />
      {status === 'in progress' && <path d={half} fill={ink} stroke="none" />}
      {status === 'done' && <path d={CHECK} strokeWidth={2.2} strokeLinecap="round" />}
    </svg>
  );
};
