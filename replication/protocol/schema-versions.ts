// Which versions of its collections a client has. A server with others answers 426, because neither
// could read what the other one writes.

import { integer, record, type Collection } from '../../schemas/index.ts';

/** By collection. */
export type SchemaVersions = Readonly<Record<string, number>>;

const MAX_VERSION = 1_000_000;
export const schemaVersions = () => record(integer(0, MAX_VERSION), 100);

export const versionsOf = (
  collections: Iterable<Pick<Collection, 'name' | 'version'>>,
): SchemaVersions =>
  Object.fromEntries(Array.from(collections, ({ name, version }) => [name, version]));

/** As a query says it: `pins:1,forms:0`. */
export const versionsToText = (versions: SchemaVersions): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name}:${version}`)
    .join(',');

/** `undefined` where it is malformed. */
export function versionsFromText(text: string): SchemaVersions | undefined {
  const pairs = text.split(',').map((one) => /^([^:]{1,64}):(\d{1,7})$/.exec(one));
  const versions: [string, number][] = [];
  for (const pair of pairs) {
    if (pair === null) return undefined;
    versions.push([pair[1] ?? '', Number(pair[2])]);
  }
  return Object.fromEntries(versions);
}

/** Who has to change: the client where one of its versions is lower, the server where all others are. */
export function outdatedSide(
  client: SchemaVersions,
  server: ReadonlyMap<string, Pick<Collection, 'version'>>,
): 'client' | 'server' | undefined {
  const differences = Object.entries(client).flatMap(([name, version]) => {
    const known = server.get(name)?.version;
    return known === undefined ? [] : [version - known];
  });
  if (differences.some((difference) => difference < 0)) return 'client';
  return differences.some((difference) => difference > 0) ? 'server' : undefined;
}
