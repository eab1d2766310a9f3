// Whether two stores are the same, by counts and digests: of each workspace and collection, and of
// each kind of thing that is kept beside the documents.

import { createHash, type Hash } from 'node:crypto';
import { canonical } from '../../replication/core.ts';
import { WORKSPACE } from '../auth/records.ts';
import type { Part } from '../store/port/dump.ts';

interface Group {
  /** For people. */
  readonly what: string;
  readonly workspace?: string;
  count: number;
  readonly hash: Hash;
}

interface Tally {
  readonly groups: ReadonlyMap<string, Group>;
  /** By id. */
  readonly names: ReadonlyMap<string, string>;
}

/** A sentence for each group that differs. Both dumps come in the order that dump.ts names. */
export async function* differencesBetween(
  file: AsyncIterable<Part>,
  data: AsyncIterable<Part>,
): AsyncGenerator<string> {
  const there = await tallied(file);
  const here = await tallied(data);
  for (const [key, group] of new Map([...there.groups, ...here.groups])) {
    const counts = [there, here].map(({ groups }) => groups.get(key)?.count ?? 0);
    const [inFile = 0, inData = 0] = counts;
    const { what, workspace = '' } = group;
    const name = there.names.get(workspace) ?? here.names.get(workspace) ?? workspace;
    const where = name === '' ? '' : `${name}: `;
    if (inFile !== inData) yield `${where}${what}: ${inFile} in the file, ${inData} in the data.`;
    else if (digestIn(there, key) !== digestIn(here, key))
      yield `${where}${what}: ${inFile} in both, but not the same.`;
  }
}

const digestIn = ({ groups }: Tally, key: string): string | undefined =>
  groups.get(key)?.hash.copy().digest('hex');

async function tallied(parts: AsyncIterable<Part>): Promise<Tally> {
  const groups = new Map<string, Group>();
  const names = new Map<string, string>();
  for await (const part of parts) {
    if (part.part === 'record' && part.kind === WORKSPACE.name)
      names.set(part.id, (part.value as { readonly name: string }).name);
    const what = whatOf(part);
    const { workspace } = 'workspace' in part ? part : { workspace: '' };
    const key = `${workspace}/${what}`;
    const group = groups.get(key) ?? { what, workspace, count: 0, hash: createHash('sha256') };
    groups.set(key, group);
    group.count += 1;
    // In one order of keys: not every kind of store keeps theirs.
    group.hash.update(`${canonical(part)}\n`);
  }
  return { groups, names };
}

function whatOf(part: Part): string {
  switch (part.part) {
    case 'store':
      return 'epoch';
    case 'record':
      return `records of the kind "${part.kind}"`;
    case 'workspace':
      return 'last commit, floor and earlier epochs';
    case 'mark':
      return 'times of commits';
    case 'document':
      return `documents of ${part.collection}`;
    case 'left':
      return `documents of ${part.collection} that somebody may no longer read`;
    case 'operation':
      return 'verdicts on pushed rows';
    case 'fate':
      return 'stamps that were refused or replaced';
    case 'purged':
      return `forgotten documents of ${part.collection}`;
  }
}
