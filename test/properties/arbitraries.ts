// Values from which the properties are tried: stamps, and versions of documents as several devices
// would have written them.

import fc from 'fast-check';
import { CREATED, DELETED, type WireDocument } from '../../replication/index.ts';
import { collections, type Clock, type Collection } from '../../schemas/index.ts';

/** The last moment that a stamp of twelve hexadecimal digits can hold, with one to spare. */
export const LATEST_MS = 0xffff_ffff_fffe;

export const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'.split('')),
    minLength: digits,
    maxLength: digits,
  });

const stampFrom = (timeMs: number, counter: number, node: string): string =>
  `${timeMs.toString(16).padStart(12, '0')}${counter.toString(16).padStart(6, '0')}-${node}`;

export const stampText: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: LATEST_MS }), fc.nat(0xffffff), hex(16))
  .map(([timeMs, counter, node]) => stampFrom(timeMs, counter, node));

/** Few moments and devices, so that versions share stamps and one moment has several writers. */
const nearStamp: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.nat(1), fc.constantFrom('a', 'b', 'c'))
  .map(([timeMs, counter, device]) => stampFrom(timeMs, counter, device.repeat(16)));

/** A number of its own for each of the near stamps, so that no two writes wrote the same. */
const numberOf = (stamp: string, salt: number): number =>
  (Number.parseInt(stamp.slice(8, 12), 16) * 2 + Number.parseInt(stamp.slice(17, 18), 16)) * 9 +
  (stamp.charCodeAt(19) - 97) * 3 +
  salt;

/** A collection, what each clock entry holds when it was written at a stamp, and the whole of it. */
export interface Kind {
  readonly collection: Collection;
  readonly entries: readonly string[];
  readonly build: (at: (entry: string) => number) => Record<string, unknown>;
}

export const pinKind: Kind = {
  collection: collections.pins,
  entries: ['title', 'position', 'kind', 'status', 'notes'],
  build: (at) => ({
    id: 'one',
    title: `title ${at('title')}`,
    position: { lat: at('position') / 2, lng: -at('position') },
    kind: at('kind') % 2 === 0 ? 'site' : 'hazard',
    status: at('status') % 3 === 0 ? 'open' : 'done',
    notes: `notes ${at('notes')}`,
  }),
};

/** Keys that are hard on code that takes objects for maps, or splits at every slash. */
const ANSWER_KEYS = ['q1', 'toString', 'constructor', 'a/b', '-', '*', '', 'ü', 'answers'];

export const formKind: Kind = {
  collection: collections.forms,
  entries: ['pin', 'template', ...ANSWER_KEYS.map((key) => `answers/${key}`)],
  build: (at) => ({
    id: 'one',
    pin: `pin ${at('pin')}`,
    template: `template ${at('template')}`,
    // Every fourth write of an answer takes it away.
    answers: Object.fromEntries(
      ANSWER_KEYS.map((key) => [key, at(`answers/${key}`)] as const)
        .filter(([, number]) => number % 4 !== 0)
        .map(([key, number]) => [key, `answer ${number}`]),
    ),
  }),
};

/**
 * Versions of one document. Any two agree on what was written at one stamp, as after any history;
 * with `copied`, a device and its copy have used one stamp for several writes.
 */
export function versions(
  kind: Kind,
  count: number,
  copied = false,
): fc.Arbitrary<readonly WireDocument[]> {
  const version = fc.record({
    created: nearStamp,
    changes: fc.dictionary(fc.constantFrom(...kind.entries), nearStamp, {
      maxKeys: kind.entries.length,
      noNullPrototype: true,
    }),
    deleted: fc.option(nearStamp, { nil: undefined, freq: 3 }),
    salt: fc.nat(copied ? 2 : 0),
  });
  return fc.array(version, { minLength: count, maxLength: count }).map((drawn) =>
    drawn.map(({ created, changes, deleted, salt }) => {
      const clk: Clock = {
        ...Object.fromEntries(Object.entries(changes).filter(([, stamp]) => stamp > created)),
        [CREATED]: created,
        ...(deleted === undefined ? {} : { [DELETED]: deleted }),
      };
      const fields = kind.build((entry) => numberOf(clk[entry] ?? created, salt));
      return { ...fields, clk, ...(deleted === undefined ? {} : { _deleted: true }) };
    }),
  );
}
