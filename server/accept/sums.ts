// Fields that the server adds up, found from the side of what is added.

import type { Collection, SumRule } from '../../schemas/index.ts';

/** A sum that follows documents of a collection: which collection and field has it. */
export interface Sum extends SumRule {
  readonly of: Collection;
  readonly field: string;
}

export function sumsOver(
  collections: ReadonlyMap<string, Collection>,
): ReadonlyMap<string, readonly Sum[]> {
  const sums = new Map<string, Sum[]>();
  for (const of of collections.values())
    for (const [field, rule] of Object.entries(of.sums))
      sums.set(rule.from, [...(sums.get(rule.from) ?? []), { ...rule, of, field }]);
  return sums;
}
