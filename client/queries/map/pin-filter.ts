// Which kinds and statuses are shown. It stands in the address, so that a link and Back bring it
// again; nothing chosen means all.

import { PIN_KINDS, PIN_STATUSES } from '../../../schemas/index.ts';
import type { PinRow } from './pins.ts';

export interface PinFilter {
  readonly kinds: readonly PinRow['kind'][];
  readonly statuses: readonly PinRow['status'][];
}

const chosen = <V extends string>(all: readonly V[], text: string | null): readonly V[] => {
  const named = (text ?? '').split(',');
  return all.filter((value) => named.includes(value));
};

export const filterOf = (query: URLSearchParams): PinFilter => ({
  kinds: chosen(PIN_KINDS, query.get('kind')),
  statuses: chosen(PIN_STATUSES, query.get('status')),
});

export const isFiltered = ({ kinds, statuses }: PinFilter): boolean =>
  kinds.length + statuses.length > 0;

export const filterPins = (
  rows: readonly PinRow[],
  { kinds, statuses }: PinFilter,
): readonly PinRow[] =>
  kinds.length + statuses.length === 0
    ? rows
    : rows.filter(
        ({ kind, status }) =>
          (kinds.length === 0 || kinds.includes(kind)) &&
          (statuses.length === 0 || statuses.includes(status)),
      );
