// A pin for those who may look and not change.

import { asLabel, formatDegrees } from '../../queries/format.ts';
import type { PinRow } from '../../queries/map/pins.ts';
import { ReadOnlyFacts } from '../ReadOnlyFacts.tsx';

export const PinFacts = ({ row }: { readonly row: PinRow }) => (
  <ReadOnlyFacts
    facts={[
      ['Title', row.title],
      ['Kind', asLabel(row.kind)],
      ['Status', asLabel(row.status)],
      ['Latitude', formatDegrees(row.position.lat)],
      ['Longitude', formatDegrees(row.position.lng)],
      ['Notes', row.notes],
    ]}
  />
);
