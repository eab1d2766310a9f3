// A day at a shop, as a seed tells it: what a person does at the device, and somebody else elsewhere
// meanwhile. Another thing that people do is another line of `DEEDS`.

import type { RxCollection } from 'rxdb';
import type { GroupWrite, WireDocument } from '../../../replication/index.ts';
import { seededRandom, type Random } from '../../../schemas/index.ts';

export interface Hands {
  readonly atomic: (label: string, writes: readonly GroupWrite[]) => Promise<void>;
  readonly local: (name: string) => RxCollection<WireDocument>;
  readonly setOnline: (online: boolean) => void;
  /** Resolves when everything is sent and received. */
  readonly rest: () => Promise<void>;
  /** Somebody else changes documents, or makes them; not those that are gone. */
  readonly elsewhere: (...changes: readonly Change[]) => Promise<void>;
  /** Resolves when the device has the document. */
  readonly arrives: (collection: string, id: string) => Promise<void>;
}

export type Change = readonly [
  collection: string,
  id: string,
  fields: Readonly<Record<string, unknown>>,
];

interface Deed {
  readonly name: string;
  readonly run: (hands: Hands) => Promise<void>;
}
export type Script = readonly Deed[];

const AT = '2026-03-01T12:00:00.000Z';
export const expense = (note: string) => ({
  category: 'goods',
  amountMinor: 100,
  spentAt: AT,
  note,
});
export const product = (name: string) => ({
  name,
  sku: `SKU-${name}`,
  priceMinor: 100,
  stock: 0,
  reorderLevel: 0,
});
const sale = (item: string) => ({
  items: [{ product: item, quantity: 1, priceMinor: 100 }],
  totalMinor: 100,
  payment: 'cash',
  soldAt: AT,
  void: false,
});
export const movement = (of: string, from?: string) => ({
  product: of,
  amount: -1,
  reason: 'sale',
  ...(from === undefined ? {} : { sale: from }),
});

/** Edits what is there; a person whose device died finds some of it missing. */
async function edit(
  { local }: Hands,
  collection: string,
  id: string,
  ...patches: readonly Readonly<Record<string, unknown>>[]
): Promise<void> {
  const found = await local(collection).findOne(id).exec();
  if (found !== null) await Promise.all(patches.map((patch) => found.incrementalPatch(patch)));
}

const insert = async ({ local }: Hands, collection: string, doc: WireDocument): Promise<void> => {
  await local(collection).insert(doc);
};
const has = async ({ local }: Hands, collection: string, id: string): Promise<boolean> =>
  (await local(collection).findOne(id).exec()) !== null;

/** In the order in which one may stand on another; chance leaves rests between them. */
const DEEDS: Script = [
  {
    name: 'an expense',
    run: (hands) => insert(hands, 'expenses', { id: 'e1', ...expense('new') }),
  },
  {
    name: 'two quick edits',
    run: (hands) => edit(hands, 'expenses', 'e1', { note: 'quick' }, { amountMinor: 201 }),
  },
  {
    name: 'made and deleted at once',
    run: async (hands) => {
      await insert(hands, 'expenses', { id: 'e2', ...expense('a mistake') });
      await (await hands.local('expenses').findOne('e2').exec())?.incrementalRemove();
    },
  },
  {
    name: 'a product and a movement of it',
    run: async (hands) => {
      await insert(hands, 'movements', {
        id: 'm0',
        ...movement('p3'),
        amount: 5,
        reason: 'opening',
      });
      await insert(hands, 'products', { id: 'p3', ...product('tea') });
    },
  },
  {
    name: 'a delete',
    run: async ({ local }) => {
      await (await local('expenses').findOne('there-1').exec())?.remove();
    },
  },
  {
    name: 'a sale with its movements',
    run: async ({ atomic }) => {
      await atomic('A sale', [
        { collection: 'sales', insert: { id: 's1', ...sale('p1') } },
        { collection: 'movements', insert: { id: 'm1', ...movement('p1', 's1') } },
        { collection: 'movements', insert: { id: 'm2', ...movement('p2', 's1') } },
      ]);
    },
  },
  { name: 'the sale is void', run: (hands) => edit(hands, 'sales', 's1', { void: true }) },
  {
    name: 'a price that somebody else changes too',
    run: async (hands) => {
      await Promise.all([
        hands.elsewhere(['products', 'p1', { priceMinor: 120, reorderLevel: 2 }]),
        edit(hands, 'products', 'p1', { priceMinor: 110 }),
      ]);
    },
  },
  {
    name: 'a sale that is refused',
    run: async (hands) => {
      if (!(await has(hands, 'expenses', 'there-2'))) return;
      await hands.atomic('A bad sale', [
        { collection: 'sales', insert: { id: 's2', ...sale('p2') } },
        { collection: 'movements', insert: { id: 'm3', ...movement('nothing', 's2') } },
        { collection: 'expenses', id: 'there-2', update: { note: 'in bad company' } },
      ]);
    },
  },
  {
    name: 'an insert that is refused',
    run: (hands) => insert(hands, 'movements', { id: 'm4', ...movement('nothing') }),
  },
  {
    name: 'an edit that is refused',
    run: async ({ local }) => {
      await (await local('movements').findOne('opening').exec())?.patch({ amount: 7 });
    },
  },
  {
    name: 'two people at one expense',
    run: async (hands) => {
      await Promise.all([
        edit(hands, 'expenses', 'there-3', { note: 'mine' }),
        hands.elsewhere(['expenses', 'there-3', { amountMinor: 333, note: 'theirs' }]),
      ]);
    },
  },
  {
    name: 'something from elsewhere',
    run: async (hands) => {
      await hands.elsewhere(
        ['expenses', 'from-elsewhere', expense('hello')],
        ['expenses', 'there-4', { note: 'hello' }],
      );
      await hands.arrives('expenses', 'from-elsewhere');
    },
  },
  {
    name: 'a sale that changes what is there',
    run: async (hands) => {
      if (!(await has(hands, 'expenses', 'there-4'))) return;
      await hands.atomic('A sale with its costs', [
        { collection: 'sales', insert: { id: 's3', ...sale('p2') } },
        { collection: 'expenses', id: 'there-4', update: { amountMinor: 444 } },
        { collection: 'expenses', insert: { id: 'e3', ...expense('costs') } },
      ]);
    },
  },
];

const rest: Deed = { name: 'a rest', run: (hands) => hands.rest() };
const goes = (online: boolean): Deed => ({
  name: online ? 'online' : 'offline',
  run: (hands) => Promise.resolve(hands.setOnline(online)),
});

/**
 * Some of it offline, some of it in a hurry, also at the very start; waiting for others is only for
 * those who are online.
 */
export function scriptOf(seed: number): Script {
  const random: Random = seededRandom(seed);
  const cut = random.integer(0, DEEDS.length - 1);
  const turned = [...DEEDS.slice(cut), ...DEEDS.slice(0, cut)];
  const script: Deed[] = seed % 2 === 0 ? [] : [rest];
  let isOnline = true;
  for (const deed of turned) {
    const isAwaited = deed.name === 'something from elsewhere';
    if (isOnline && !isAwaited && random.integer(1, 5) === 1) {
      script.push(goes(false));
      isOnline = false;
    } else if (!isOnline && (isAwaited || random.integer(1, 3) === 1)) {
      script.push(goes(true));
      isOnline = true;
    }
    script.push(deed);
    if (isOnline && random.integer(1, 2) === 1) script.push(rest);
  }
  return [...script, goes(true)];
}
