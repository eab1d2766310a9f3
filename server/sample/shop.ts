// A small shop: products with their opening stock, a week of sales, deliveries, and expenses.
// Amounts of money are in the smallest unit. Stock is what the movements add up to.

import type { DocumentFields, Random } from '../../schemas/index.ts';
import type { IngestDocument } from '../ops/ingest.ts';
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS, numbered, type Making } from './make.ts';

const DAYS = 7;
const PRODUCTS = [
  ['Rye bread', 420],
  ['Oat bread', 450],
  ['Baguette', 190],
  ['Butter croissant', 170],
  ['Cinnamon bun', 240],
  ['Apple cake, slice', 320],
  ['Cheesecake, slice', 380],
  ['Salted butter', 290],
  ['Free-range eggs, 6', 310],
  ['Whole milk, 1 l', 140],
  ['Oat drink, 1 l', 220],
  ['Mountain cheese, 200 g', 560],
  ['Honey, 500 g', 790],
  ['Strawberry jam', 430],
  ['Apple juice, 1 l', 270],
  ['Mineral water, 0.5 l', 110],
  ['Filter coffee', 230],
  ['Cappuccino', 320],
  ['Black tea', 240],
  ['Dark chocolate', 280],
] as const;
const EXPENSES = [
  ['goods', 48_200, 'Flour and butter'],
  ['rent', 95_000, ''],
  ['transport', 6_450, 'Fuel'],
  ['repairs', 12_900, 'Oven door'],
  ['goods', 21_350, 'Coffee, 10 kg'],
  ['wages', 62_000, 'Weekend help'],
  ['transport', 2_300, 'Parking'],
  ['other', 1_890, 'Till rolls'],
  ['goods', 17_640, 'Dairy'],
] as const;

interface Item {
  readonly product: string;
  readonly quantity: number;
  readonly priceMinor: number;
}

function items(random: Random, products: readonly IngestDocument[]): readonly Item[] {
  const byProduct = new Map<string, Item>();
  for (let left = random.pick([1, 1, 2, 2, 3, 4]); left > 0; left -= 1) {
    const index = random.integer(0, products.length - 1);
    const product = products[index]?.id ?? '';
    const priceMinor = PRODUCTS[index]?.[1] ?? 0;
    byProduct.set(product, { product, quantity: random.pick([1, 1, 1, 2, 3]), priceMinor });
  }
  return [...byProduct.values()];
}

/** The sales of one opening day of ten hours that begins at `openMs`, none after `nowMs`. */
function dayOfSales(
  { random, nowMs }: Making,
  products: readonly IngestDocument[],
  openMs: number,
): readonly DocumentFields[] {
  const times = Array.from({ length: random.integer(28, 46) }, () =>
    random.integer(0, (10 * HOUR_MS) / MINUTE_MS),
  ).toSorted((one, other) => one - other);
  return times
    .map((minutes) => openMs + minutes * MINUTE_MS)
    .filter((timeMs) => timeMs < nowMs)
    .map((timeMs) => {
      const bought = items(random, products);
      return {
        items: bought,
        totalMinor: bought.reduce(
          (sum, { quantity, priceMinor }) => sum + quantity * priceMinor,
          0,
        ),
        payment: random.pick(['cash', 'card', 'card']),
        soldAt: isoTime(timeMs),
        void: false,
      };
    });
}

const soldOf = (sale: IngestDocument): readonly Item[] => {
  const { items: sold } = sale.fields as { readonly items: readonly Item[] };
  return sold;
};

export interface Shop {
  readonly products: readonly IngestDocument[];
  readonly sales: readonly IngestDocument[];
  readonly movements: readonly IngestDocument[];
  readonly expenses: readonly IngestDocument[];
}

export function shop(making: Making): Shop {
  const { random, nowMs } = making;
  const products = numbered(
    'product',
    PRODUCTS.map(([name, priceMinor], index) => ({
      name,
      sku: `H-${String(index + 1).padStart(3, '0')}`,
      priceMinor,
      stock: 0,
      reorderLevel: random.pick([5, 10, 20]),
    })),
  );
  // Whole days before now, so that the same hours of each day are opening hours.
  const opensMs = Math.floor(nowMs / DAY_MS) * DAY_MS + 7 * HOUR_MS;
  const sales = numbered(
    'sale',
    Array.from({ length: DAYS }, (_, day) =>
      dayOfSales(making, products, opensMs - (DAYS - 1 - day) * DAY_MS),
    ).flat(),
  );
  const opening = products.map(({ id }) => ({
    product: id,
    amount: 10 * random.integer(8, 20),
    reason: 'opening',
  }));
  const sold = sales.flatMap((sale) =>
    soldOf(sale).map(({ product, quantity }) => ({
      product,
      amount: -quantity,
      reason: 'sale',
      sale: sale.id,
    })),
  );
  const expenses = EXPENSES.map(([category, amountMinor, note], index) => ({
    category,
    amountMinor,
    spentAt: isoTime(nowMs - (index * 3 + 1) * DAY_MS - random.integer(1, 8) * HOUR_MS),
    note,
  }));
  return {
    products,
    sales,
    movements: numbered('movement', [...opening, ...sold]),
    expenses: numbered('expense', expenses),
  };
}
