// The activity log to show: which entries, and all of them as a table.

import type { Activity, ActivityKind } from '../../../replication/index.ts';
import { localIso } from '../care/csv.ts';
import { csvText, plainText } from '../csv.ts';
import { fold } from '../find.ts';

export const FILTERS = ['all', 'errors', 'conflicts'] as const;
export type Filter = (typeof FILTERS)[number];

const KINDS: Readonly<Record<Filter, ActivityKind | undefined>> = {
  all: undefined,
  errors: 'error',
  conflicts: 'conflict',
};

/** What an address asks for. */
export const filterOf = (query: URLSearchParams): Filter =>
  FILTERS.find((one) => one === query.get('show')) ?? 'all';

export const findActivity = (
  entries: readonly Activity[],
  filter: Filter,
  search: string,
): readonly Activity[] => {
  const kind = KINDS[filter];
  const wanted = fold(search).split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (kind !== undefined && entry.kind !== kind) return false;
    const words = fold(`${entry.message} ${entry.detail ?? ''}`);
    return wanted.every((word) => words.includes(word));
  });
};

const HEAD = ['local_time', 'time_zone', 'utc_time', 'kind', 'message', 'detail', 'records'];

/** In the order given. */
export const activityCsv = (entries: readonly Activity[], zone: string): string =>
  csvText([
    HEAD,
    ...entries.map(({ atMs, kind, message, detail = '', records = [] }) => [
      localIso(atMs, zone),
      zone,
      new Date(atMs).toISOString(),
      kind,
      plainText(message),
      plainText(detail),
      plainText(records.map(({ collection, id }) => `${collection}/${id}`).join(' ')),
    ]),
  ]);
