// The server of a shop, which is watched, and one workspace of it for each run: the device's owner,
// and somebody else who changes things elsewhere.

import type { Ledger, WireDocument } from '../../../replication/index.ts';
import type { Store } from '../../../server/store/port/port.ts';
import { collections, type Collection } from '../../../schemas/index.ts';
import { makeDevice } from '../../support/device.ts';
import { call, startLiveServer, type LiveServer } from '../../support/live-server.ts';
import { openTestStore } from '../../support/store.ts';
import { Watches, type Watch } from '../model/watch.ts';
import { expense, movement, product, type Change } from './script.ts';
import { ServerLogs, type ServerLog } from './server-log.ts';

const { sales, movements, products, expenses } = collections;
export const OPEN: readonly Collection[] = [sales, movements, products, expenses];
const schema = Object.fromEntries(OPEN.map(({ name, version }) => [name, version]));

/** A bug that is put between the product and what it stands on. */
export interface Bug {
  readonly ledger?: (ledger: Ledger) => Ledger;
  readonly store?: (store: Store) => Store;
}

export interface Shop {
  readonly bug: Bug;
  readonly openRoom: () => Promise<Room>;
  readonly close: () => Promise<void>;
}

/** A workspace. */
export interface Room {
  readonly name: string;
  readonly url: string;
  /** The device's key. */
  readonly token: string;
  readonly watch: Watch;
  readonly log: ServerLog;
  /** Somebody else changes documents, or makes them; not those that are gone. */
  readonly elsewhere: (...changes: readonly Change[]) => Promise<void>;
  /** Sales of more than there is are refused from now on. */
  readonly refuseOversold: () => Promise<void>;
}

let count = 0;

export async function openShop(bug: Bug = {}): Promise<Shop> {
  const watches = new Watches();
  const logs = new ServerLogs();
  const store = openTestStore();
  const watched = watches.over(logs.over(store));
  const live = await startLiveServer({ store: bug.store?.(watched) ?? watched });
  watches.attach(live);
  // Known to the server before they become members of many workspaces at once.
  for (const name of ['ada', 'bea']) await live.keyFor(name);
  return {
    bug,
    close: () => live.stop(),
    openRoom: async () => {
      const name = `shop-${(count += 1)}`;
      const { id } = await live.server.core.accounts.createWorkspace(name);
      const token = await live.keyFor('ada', { role: 'manager', workspace: name });
      const log = logs.of(id);
      const elsewhere = await somebodyElse(live, name, log);
      await elsewhere(
        ['products', 'p1', product('p1')],
        ['products', 'p2', product('p2')],
        ['movements', 'opening', { ...movement('p1'), amount: 10, reason: 'opening' }],
        ...[1, 2, 3, 4].map((one) => ['expenses', `there-${one}`, expense('there')] as const),
      );
      const refuseOversold = (): Promise<void> =>
        live.server.core.accounts.setBelowFloor(name, 'reject');
      return { name, url: live.url, token, watch: watches.of(id), log, elsewhere, refuseOversold };
    },
  };
}

async function somebodyElse(
  live: LiveServer,
  workspace: string,
  log: ServerLog,
): Promise<Room['elsewhere']> {
  const key = await live.keyFor('bea', { role: 'manager', workspace });
  const device = makeDevice('bbbbbbbbbb');
  const rowsOf = ([name, id, fields]: Change) => {
    const collection = OPEN.find((one) => one.name === name);
    if (collection === undefined) throw new Error(`No "${name}" here.`);
    const known: WireDocument | undefined = log.latest(`${name}/${id}`);
    if (known?._deleted === true) return [];
    const doc =
      known === undefined
        ? device.make(collection, { id, ...fields })
        : device.edit(collection, known, fields);
    return [device.row(collection, doc, known)];
  };
  return async (...changes) => {
    const body = { device: device.id, schema, rows: changes.flatMap(rowsOf) };
    const { status, text } = await call(live.url, key, '/api/sync/push', body);
    if (status !== 200) throw new Error(text);
  };
}
