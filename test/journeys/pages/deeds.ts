// What a person does at a till, as a seed tells it.

import type { GroupWrite, WireDocument } from '../../../replication/index.ts';
import type { Random } from '../../../schemas/index.ts';

export type Deed = { readonly number: number } & (
  | {
      readonly kind: 'insert';
      readonly collection: string;
      readonly docs: readonly (WireDocument & { readonly id: string })[];
    }
  | {
      readonly kind: 'edit';
      readonly collection: string;
      readonly id: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'group';
      readonly label: string;
      readonly writes: readonly GroupWrite[];
      readonly isBad: boolean;
    }
);

export type Line = readonly [product: string, quantity: number];

const AT = '2026-03-01T12:00:00.000Z';

/** A sale with a movement of each of its lines: `s1` with `s1-0`, `s1-1`. */
export function saleOf(number: number, lines: readonly Line[], isBad = false): Deed {
  const id = `s${number}`;
  const items = lines.map(([product, quantity]) => ({ product, quantity, priceMinor: 100 }));
  const totalMinor = items.reduce((sum, { quantity }) => sum + quantity * 100, 0);
  const sale = { id, items, totalMinor, payment: 'cash', soldAt: AT, void: false };
  return {
    number,
    kind: 'group',
    label: `Sale ${number}`,
    isBad,
    writes: [
      { collection: 'sales', insert: sale },
      ...lines.map(([product, quantity], index): GroupWrite => ({
        collection: 'movements',
        insert: {
          id: `${id}-${index}`,
          product,
          amount: -quantity,
          reason: 'sale',
          sale: id,
        },
      })),
    ],
  };
}

export const deliveryOf = (number: number, product: string, amounts: readonly number[]): Deed => ({
  number,
  kind: 'insert',
  collection: 'movements',
  docs: amounts.map((amount, index) => ({
    id: `d${number}-${index}`,
    product,
    amount,
    reason: 'delivery',
  })),
});

/** Sales most of all; some that the server refuses; deliveries, prices, and sales that become void. */
export function deedsOf(random: Random, first: number, count: number): readonly Deed[] {
  const product = (): string => random.pick(['p1', 'p2']);
  /** Not the bad ones: what is changed of those is refused with them. */
  const sold: number[] = [];
  return Array.from({ length: count }, (_, index): Deed => {
    const number = first + index;
    const chance = random.integer(1, 10);
    const quantity = random.integer(1, 3);
    if (chance === 1)
      return saleOf(
        number,
        [
          [product(), quantity],
          ['nothing', 1],
        ],
        true,
      );
    if (chance <= 5) {
      sold.push(number);
      return saleOf(number, [
        ['p1', quantity],
        ['p2', 1],
      ]);
    }
    if (chance <= 7)
      return deliveryOf(
        number,
        product(),
        Array.from({ length: random.integer(1, 20) }, () => quantity),
      );
    const edit = { number, kind: 'edit' as const };
    const sale = sold[random.integer(0, sold.length)];
    if (sale === undefined)
      return { ...edit, collection: 'products', id: product(), fields: { priceMinor: number } };
    return { ...edit, collection: 'sales', id: `s${sale}`, fields: { void: true } };
  });
}
