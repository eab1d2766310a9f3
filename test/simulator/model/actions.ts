// What people do on one client, by chance. The table is what a history is made of: another thing
// that people do is another line.

import type { RxDocument } from 'rxdb';
import type { WireDocument } from '../../../replication/index.ts';
import type { Random } from '../../../schemas/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One client, as an action sees it. */
export interface Hands {
  readonly random: Random;
  /** A number that no other write of the history has: equal values would hide lost ones. */
  readonly unique: () => number;
  readonly insert: (collection: string, fields: Fields) => Promise<void>;
  /** One document that this client shows. */
  readonly one: (collection: string) => Promise<RxDocument<WireDocument> | undefined>;
  readonly count: (collection: string) => Promise<number>;
  readonly edit: (document: RxDocument<WireDocument>, fields: Fields) => Promise<void>;
  readonly remove: (document: RxDocument<WireDocument>) => Promise<void>;
  readonly setOnline: (online: boolean) => void;
  readonly turnClock: (byMs: number) => void;
  /** Waits a few milliseconds, so that others get their turn. */
  readonly rest: () => Promise<void>;
}

interface Action {
  readonly name: string;
  /** The collections that it needs. */
  readonly on: readonly string[];
  readonly weight: number;
  readonly run: (hands: Hands) => Promise<void>;
}

const HOUR_MS = 3_600_000;
const NOON = '2026-03-01T12:00:00.000Z';
const at = (number: number): string => new Date(Date.parse(NOON) + number * 1_000).toISOString();

const change =
  (collection: string, fields: (hands: Hands) => Fields) =>
  async (hands: Hands): Promise<void> => {
    const document = await hands.one(collection);
    if (document !== undefined) await hands.edit(document, fields(hands));
  };

/** Few documents, so that people meet. */
const ENOUGH = 2;

const lines = (
  collection: string,
  make: (hands: Hands) => Fields,
  fields: (hands: Hands) => Fields,
): readonly Action[] => [
  {
    name: `add ${collection}`,
    on: [collection],
    weight: 4,
    run: async (hands) => {
      if ((await hands.count(collection)) < ENOUGH) await hands.insert(collection, make(hands));
    },
  },
  { name: `edit ${collection}`, on: [collection], weight: 14, run: change(collection, fields) },
  {
    name: `remove ${collection}`,
    on: [collection],
    weight: 1,
    run: async (hands) => {
      const document = await hands.one(collection);
      if (document !== undefined) await hands.remove(document);
    },
  },
];

/** One or two of these fields, so that rows meet in part. */
const some =
  (...makers: readonly ((hands: Hands) => Fields)[]) =>
  (hands: Hands): Fields =>
    Object.assign(
      {},
      ...Array.from({ length: hands.random.integer(1, 2) }, () =>
        makers[hands.random.integer(0, makers.length - 1)]?.(hands),
      ),
    ) as Fields;

const text = (field: string) => (hands: Hands) => ({ [field]: `${field} ${hands.unique()}` });
const number = (field: string) => (hands: Hands) => ({ [field]: hands.unique() });
const answersOf = (document: WireDocument): Fields => document['answers'] as Fields;

const forms: readonly Action[] = [
  {
    name: 'add forms',
    on: ['forms', 'pins'],
    weight: 3,
    run: async (hands) => {
      const pin = (await hands.count('forms')) < ENOUGH ? await hands.one('pins') : undefined;
      const answers = { q1: `first ${hands.unique()}`, 'a/b': `second ${hands.unique()}` };
      if (pin !== undefined)
        await hands.insert('forms', { pin: pin.primary, template: 'round', answers });
    },
  },
  {
    name: 'answer forms',
    on: ['forms'],
    weight: 14,
    run: async (hands) => {
      const form = await hands.one('forms');
      if (form === undefined) return;
      const { [hands.random.pick(['q1', 'a/b', 'toString'])]: _gone, ...kept } = answersOf(
        form.toMutableJSON(),
      );
      const key = hands.random.pick(['q1', 'q2', 'a/b', 'toString']);
      const isRemoval = hands.random.integer(1, 5) === 1;
      const answers = isRemoval
        ? kept
        : { ...answersOf(form.toMutableJSON()), [key]: `answer ${hands.unique()}` };
      await hands.edit(form, { answers });
    },
  },
];

const conflicts: readonly Action[] = [
  {
    name: 'settle',
    on: ['conflicts'],
    weight: 9,
    run: async (hands) => {
      const entry = await hands.one('conflicts');
      if (entry === undefined) return;
      const { random } = hands;
      const isOpen = entry.get('state') === 'open';
      const choice = isOpen
        ? random.pick(['mine', 'mine', 'theirs', 'merge', 'undo'])
        : random.pick(['seen', 'undo', 'mine', 'theirs']);
      if (!isOpen && choice !== 'seen' && entry.get('settledRev') === undefined) return;
      const version = entry.toMutableJSON()['mine'] as Fields;
      const merged = { ...version, notes: `merged ${hands.unique()}` };
      const isForm = choice === 'merge' && entry.get('collectionName') === 'feedings';
      if (choice === 'merge' && !isForm) return;
      await hands.edit(entry, { resolution: isForm ? { choice, merged } : { choice } });
    },
  },
  {
    name: 'edit what waits',
    on: ['conflicts'],
    weight: 3,
    run: async (hands) => {
      const entry = await hands.one('conflicts');
      if (entry?.get('state') !== 'open') return;
      const mine = { ...(entry.toMutableJSON()['mine'] as Fields), amountMl: hands.unique() };
      await hands.edit(entry, { mine });
    },
  },
];

const shop: readonly Action[] = [
  {
    name: 'move stock',
    on: ['movements', 'products'],
    weight: 8,
    run: async (hands) => {
      const product = await hands.one('products');
      if (product === undefined) return;
      const amount = hands.random.integer(1, 9) * hands.random.pick([1, -1]);
      await hands.insert('movements', { product: product.primary, amount, reason: 'count' });
    },
  },
  {
    name: 'change what must not change',
    on: ['movements'],
    weight: 1,
    run: change('movements', (hands) => ({ amount: hands.unique() })),
  },
  { name: 'void a sale', on: ['sales'], weight: 2, run: change('sales', () => ({ void: true })) },
];

const ofTheDevice: readonly Action[] = [
  { name: 'go offline', on: [], weight: 7, run: async ({ setOnline }) => setOnline(false) },
  { name: 'come back', on: [], weight: 7, run: async ({ setOnline }) => setOnline(true) },
  {
    name: 'turn the clock',
    on: [],
    weight: 2,
    run: async ({ turnClock, random }) => turnClock(random.pick([-3, -1, 1, 3]) * HOUR_MS),
  },
  { name: 'rest', on: [], weight: 5, run: ({ rest }) => rest() },
];

export const ACTIONS: readonly Action[] = [
  ...lines(
    'pins',
    (hands) => ({
      title: `made ${hands.unique()}`,
      notes: `made ${hands.unique()}`,
      position: {
        lat: 1,
        lng: 2,
      },
      kind: 'site',
      status: 'open',
    }),
    some(text('title'), text('notes'), ({ random }) => ({
      status: random.pick(['open', 'in progress', 'done']),
    })),
  ),
  ...forms,
  ...lines(
    'messages',
    (hands) => ({ conversation: 'general', text: `said ${hands.unique()}`, kind: 'text' }),
    text('text'),
  ),
  {
    name: 'move a message',
    on: ['messages'],
    weight: 1,
    run: change('messages', some(text('conversation'), text('text'))),
  },
  ...lines(
    'stories',
    (hands) => ({ text: `told ${hands.unique()}`, expiresAt: at(hands.unique()) }),
    some(text('text'), (hands) => ({ expiresAt: at(hands.unique()) })),
  ),
  ...lines(
    'feedings',
    (hands) => ({
      feedingTime: at(hands.unique()),
      foodType: 'formula',
      amountMl: hands.unique(),
      notes: '',
    }),
    some(number('amountMl'), text('notes')),
  ),
  ...lines(
    'products',
    (hands) => ({
      name: `bread ${hands.unique()}`,
      sku: `sku ${hands.unique()}`,
      priceMinor: hands.unique(),
      stock: 0,
      reorderLevel: 1,
    }),
    some(text('name'), number('priceMinor')),
  ),
  ...lines(
    'expenses',
    (hands) => ({
      category: 'goods',
      amountMinor: hands.unique(),
      spentAt: NOON,
      note: `spent ${hands.unique()}`,
    }),
    some(number('amountMinor'), text('note')),
  ),
  ...shop,
  ...conflicts,
  ...ofTheDevice,
];
