// Which parts of the dashboard a workspace uses, and which collections each of them opens. RxDB
// allows at most 13 open collections per page, so a workspace opens only what it uses.

import { collections, type Collection } from '../../schemas/index.ts';

export const modules = {
  map: { label: 'Field map', collections: [collections.pins] },
} as const satisfies Record<string, { label: string; collections: readonly Collection[] }>;

export type ModuleName = keyof typeof modules;

export const collectionsOf = (names: readonly ModuleName[]): readonly Collection[] => [
  ...new Set(names.flatMap((name) => modules[name].collections)),
];
