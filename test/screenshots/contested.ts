// Two people who wrote the same records without knowing of each other: what fills an inbox.

import type { WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { makeDevice } from '../support/device.ts';
import { call } from '../support/live-server.ts';
import type { World } from './worlds.ts';

const { feedings, pins } = collections;
type Contested = typeof feedings | typeof pins;
type Cookie = World['cookie'];

export interface Contest {
  readonly collection: Contested;
  readonly record: Record<string, unknown>;
  /** What one writes first, and what the other, who does not know that, writes later. */
  readonly first: object;
  readonly second: object;
  /** Whose the later one is. */
  readonly by: 'me' | 'other';
}

const LONG =
  'Woke up at four, drank slowly and left a little. Slept right after on the left side, as the nurse of the night had advised';

export const fewContests: readonly Contest[] = [
  {
    collection: feedings,
    record: { id: 'c1', foodType: 'formula', amountMl: 100, notes: LONG },
    first: { amountMl: 90, notes: LONG.replace('slowly', 'very slowly') },
    second: {
      amountMl: 120,
      foodType: 'breast milk',
      notes: LONG.replace('four', 'half past four'),
    },
    by: 'me',
  },
  {
    collection: feedings,
    record: { id: 'c2', foodType: 'puree', amountMl: 60, notes: '' },
    first: { amountMl: 70, notes: 'شرب ببطء ونام بعد ذلك مباشرة' },
    second: { amountMl: 50, notes: 'نام قبل أن ينتهي' },
    by: 'other',
  },
  {
    collection: pins,
    record: {
      id: 'c3',
      title: 'North gate',
      position: { lat: 54.18, lng: 7.89 },
      kind: 'site',
      status: 'open',
      notes: '',
    },
    first: { title: 'Northern gate', notes: LONG },
    second: { title: 'محطة قياس المد والجزر عند الميناء القديم', status: 'done' },
    by: 'other',
  },
];

export const manyContests: readonly Contest[] = Array.from({ length: 300 }, (_, at) => ({
  collection: feedings,
  record: { id: `many-${at}`, foodType: 'formula', amountMl: 100, notes: '' },
  first: { amountMl: 90 - (at % 5) * 10 },
  second: { amountMl: 120 + (at % 7) * 10, notes: at % 3 === 0 ? 'Very hungry' : '' },
  by: at % 4 === 0 ? 'other' : 'me',
}));

/** Lets the two write; the first one's changes stand on the server when the second's arrive. */
export async function contend(
  url: string,
  me: Cookie,
  other: Cookie,
  contests: readonly Contest[],
): Promise<void> {
  const seats = {
    me: { device: makeDevice('00000000c1'), cookie: me },
    other: { device: makeDevice('00000000c2'), cookie: other },
  };
  type Seat = (typeof seats)['me'];
  const push = async (
    { device, cookie }: Seat,
    collection: Contested,
    doc: WireDocument,
    base?: WireDocument,
  ): Promise<void> => {
    const body = {
      device: device.id,
      schema: { [collection.name]: collection.version },
      rows: [device.row(collection, doc, base)],
    };
    const headers = { Cookie: `${cookie?.name}=${cookie?.value}` };
    const answer = await call(url, undefined, '/api/sync/push', body, headers);
    if (answer.status !== 200) throw new Error(answer.text);
  };
  for (const [at, { collection, record, first, second, by }] of contests.entries()) {
    const [one, two] = by === 'me' ? [seats.other, seats.me] : [seats.me, seats.other];
    const feedingTime = new Date(Date.now() - (at + 1) * 3_600_000).toISOString();
    const fields = collection === feedings ? { feedingTime, ...record } : record;
    const made = one.device.make(collection, fields);
    await push(one, collection, made);
    // As the server gave it to both.
    const given = { ...made, rev: 1 };
    await push(one, collection, one.device.edit(collection, given, first), given);
    await push(two, collection, two.device.edit(collection, given, second), given);
  }
}
