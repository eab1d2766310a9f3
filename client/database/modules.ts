// Which collections each part of the dashboard opens. RxDB allows at most 13 open collections per
// page, so a workspace opens only what it uses.

import { collections, type Collection } from '../../schemas/index.ts';
import type { ModuleName } from '../modules.ts';

const byModule: Readonly<Record<ModuleName, readonly Collection[]>> = {
  map: [collections.pins, collections.forms],
  care: [collections.feedings],
};

export const collectionsOf = (names: readonly ModuleName[]): readonly Collection[] => [
  ...new Set([...names.flatMap((name) => byModule[name]), collections.conflicts]),
];
