// A till that speaks the protocol itself: a sale and its movements as one group, sent over a network
// with faults until it has an answer.

import type { PushRow } from '../../../replication/index.ts';
import { collections, type Random } from '../../../schemas/index.ts';
import { makeDevice } from '../../support/device.ts';
import { makeFaultyNetwork, type FaultCounts } from '../../support/faulty-network.ts';

const { sales, movements } = collections;
const schema = { sales: sales.version, movements: movements.version };
const TRIES = 100;

export interface Till {
  /** Sells some of these products; `broken` groups have a member that can't stand or is missing. */
  readonly sell: (products: readonly string[], broken: boolean) => Promise<void>;
  readonly heal: () => Promise<void>;
}

export function openTill(
  name: string,
  at: { readonly url: string; readonly token: string },
  random: Random,
  faults: FaultCounts,
): Till {
  const device = makeDevice(random.hex(10));
  const network = makeFaultyNetwork(random, faults);
  let count = 0;

  const send = async (rows: readonly PushRow[]): Promise<void> => {
    const body = JSON.stringify({ device: device.id, schema, rows });
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await network.platform
        .fetch?.(`${at.url}/api/sync/push`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${at.token}`, 'Content-Type': 'application/json' },
          body,
          signal: new AbortController().signal,
          credentials: 'omit',
          cache: 'no-store',
        })
        .then(async (response) =>
          response.status === 200 ? (JSON.parse(await response.text()) as unknown) : undefined,
        )
        .catch(() => undefined);
      if (answer !== undefined) return;
    }
    throw new Error(`The till had no answer after ${TRIES} tries.`);
  };

  const rowsOf = (products: readonly string[], broken: boolean): readonly PushRow[] => {
    const sale = `${name}-sale-${(count += 1)}`;
    const sold = products.slice(0, random.integer(1, 3));
    const isShort = broken && random.integer(0, 1) === 1;
    if (broken && !isShort) sold.push('no such product');
    const items = sold.map((product) => ({ product, quantity: 1, priceMinor: 100 + count }));
    const fields = {
      totalMinor: 100,
      payment: 'cash',
      soldAt: new Date().toISOString(),
      void: false,
    };
    const docs = [
      device.row(sales, device.make(sales, { id: sale, items, ...fields })),
      ...sold.map((product, index) => {
        const id = `${sale}-${index}`;
        const movement = { id, product, amount: -1, reason: 'sale', sale };
        return device.row(movements, device.make(movements, movement));
      }),
    ];
    const group = { id: sale, size: docs.length + (isShort ? 1 : 0) };
    return docs.map((row) => ({ ...row, group }));
  };

  return {
    sell: (products, broken) => send(rowsOf(products, broken)),
    heal: () => network.heal(),
  };
}
