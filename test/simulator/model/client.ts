// One client in its thread: a real RxDB database that syncs over a network with faults, and a person
// in front of it. It notes every value that the person wrote.

import { setTimeout as pause } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { createRxDatabase, type RxCollection, type RxDatabase, type RxDocument } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import {
  startSync,
  type RefusedWrite,
  type Sync,
  type SyncStatus,
  type WireDocument,
} from '../../../replication/index.ts';
import { collections as all, seededRandom, type Collection } from '../../../schemas/index.ts';
import {
  BEAT_MS,
  makeFaultyNetwork,
  noFaults,
  type FaultyNetwork,
} from '../../support/faulty-network.ts';
import { until } from '../../support/until.ts';
import { ACTIONS, type Hands } from './actions.ts';
import type { Call, CallName, Calls, ClientReport, OpenClient, Reply, Write } from './messages.ts';
import { entriesOf, same } from './values.ts';

const TIMING = {
  collectMs: 1,
  requestTimeoutMs: 10_000,
  streamSilenceMs: 6 * BEAT_MS,
  firstRetryMs: 4,
  longestRetryMs: 30,
};

/** Longer than the longest pause between two tries. */
const OBSERVED_MS = 3 * TIMING.longestRetryMs;

type Local = RxCollection<WireDocument>;
const known: ReadonlyMap<string, Collection> = new Map(Object.entries(all));

class Client {
  readonly #given: OpenClient;
  readonly #random;
  readonly #faults = noFaults();
  readonly #network: FaultyNetwork;
  readonly #database: RxDatabase;
  readonly #writes: Write[] = [];
  #sync: Sync | undefined;
  #status: SyncStatus | undefined;
  readonly #resyncs: string[] = [];
  #refused: readonly RefusedWrite[] = [];
  #skewMs: number;
  #count = 0;

  constructor(given: OpenClient, database: RxDatabase) {
    this.#given = given;
    this.#database = database;
    this.#random = seededRandom(given.seed);
    this.#network = makeFaultyNetwork(seededRandom(given.seed + 1), this.#faults);
    this.#skewMs = given.skewMs;
  }

  async start(): Promise<void> {
    const { collections, url, token, online } = this.#given;
    if (!online) this.#network.setOnline(false);
    this.#sync = await startSync({
      database: this.#database,
      collections: collections.flatMap((name) => known.get(name) ?? []),
      url,
      token,
      platform: { ...this.#network.platform, now: () => Date.now() + this.#skewMs },
      timing: TIMING,
    });
    this.#sync.status$.subscribe((status) => {
      const { reason } = status.resync ?? {};
      if (reason !== undefined && reason !== this.#status?.resync?.reason)
        this.#resyncs.push(reason);
      this.#status = status;
    });
    this.#sync.refused$.subscribe((refused) => {
      this.#refused = refused;
    });
  }

  #local(name: string): Local {
    const local = this.#database.collections[name];
    if (local === undefined) throw new Error(`${name} is not open.`);
    return local;
  }

  #note(collection: string, id: string, entry: string, value: unknown, clk: WireDocument['clk']) {
    const stamp = clk?.[entry] ?? clk?.['*'] ?? '';
    const { index } = this.#given;
    this.#writes.push({ client: index, key: `${collection}/${id}`, entry, value, stamp });
  }

  #hands(): Hands {
    const { index } = this.#given;
    return {
      random: this.#random,
      unique: () => index * 500 + (this.#count += 1),
      insert: async (collection, fields) => {
        const id = `${this.#given.name}-${index}-${(this.#count += 1)}`;
        const made = await this.#local(collection).insert({ id, ...fields });
        const doc = made.toMutableJSON();
        for (const [entry, value] of entriesOf(collection, doc))
          this.#note(collection, id, entry, value, doc.clk);
      },
      one: async (collection) => {
        const found = await this.#local(collection).find().exec();
        return found[this.#random.integer(0, found.length - 1)];
      },
      count: (collection) => this.#local(collection).count().exec(),
      edit: (document, fields) => this.#edit(document, fields),
      remove: async (document) => {
        const { collection, primary } = document;
        await document.incrementalRemove();
        const [gone] = await collection.storageInstance.findDocumentsById([primary], true);
        this.#note(collection.name, primary, '-', true, gone?.clk);
      },
      setOnline: this.#network.setOnline,
      turnClock: (byMs) => {
        this.#skewMs += byMs;
      },
      rest: async () => {
        await pause(this.#random.integer(1, 40));
      },
    };
  }

  async #edit(document: RxDocument<WireDocument>, fields: Readonly<Record<string, unknown>>) {
    const { collection, primary } = document;
    const shown = document.getLatest().toMutableJSON();
    // RxDB writes what changes nothing, too, and while a push is under way that means another one.
    if (Object.entries(fields).every(([field, value]) => same(shown[field], value))) return;
    let before = new Map<string, unknown>();
    const edited = await document.incrementalModify((draft) => {
      before = entriesOf(collection.name, draft);
      return draft._deleted ? draft : { ...draft, ...fields };
    });
    const { clk } = edited;
    const after = entriesOf(collection.name, { ...edited.toMutableJSON(), ...fields });
    for (const entry of new Set([...before.keys(), ...after.keys()]))
      if (!same(before.get(entry), after.get(entry)))
        this.#note(collection.name, primary, entry, after.get(entry), clk);
  }

  async step(): Promise<string> {
    const open = this.#given.collections;
    const fitting = ACTIONS.filter(({ on }) => on.every((name) => open.includes(name)));
    let at = this.#random.integer(
      1,
      fitting.reduce((sum, { weight }) => sum + weight, 0),
    );
    const action = fitting.find(({ weight }) => (at -= weight) <= 0);
    await action?.run(this.#hands());
    return action?.name ?? '';
  }

  async heal(): Promise<void> {
    this.#network.setOnline(true);
    await this.#network.heal();
    this.#sync?.syncNow();
  }

  async settled(): Promise<string> {
    const isQuiet = (): boolean => {
      const { pending = 1, state = 'starting' } = this.#status ?? {};
      return pending === 0 && (state === 'synced' || state === 'attention');
    };
    return until(isQuiet, 'the client to be quiet', 10_000).then(
      () => '',
      () => JSON.stringify(this.#status),
    );
  }

  /** Nothing is asked any more where there is nothing to be asked. */
  async idle(): Promise<string> {
    const { requests } = this.#network;
    let last = 0;
    const isIdle = async (): Promise<boolean> => {
      const before = requests();
      await pause(OBSERVED_MS);
      last = requests() - before;
      return last === 0;
    };
    return until(isIdle, 'requests to end', 10_000).then(
      () => '',
      () => `${last} requests in ${OBSERVED_MS} ms, and nothing to ask for`,
    );
  }

  async state(): Promise<readonly (readonly [string, WireDocument])[]> {
    const found = await Promise.all(
      this.#given.collections.map(async (name) => {
        const documents = await this.#local(name).find().exec();
        return documents.map((doc) => [`${name}/${doc.primary}`, doc.toMutableJSON()] as const);
      }),
    );
    return found.flat();
  }

  async close(): Promise<ClientReport> {
    await this.#sync?.stop();
    await this.#database.close();
    return {
      writes: this.#writes,
      delivered: this.#network.delivered,
      needless: this.#network.needless,
      refused: this.#refused,
      faults: this.#faults,
      resyncs: this.#resyncs,
    };
  }
}

let client: Client | undefined;
const present = (): Client => {
  if (client === undefined) throw new Error('No client is open.');
  return client;
};

const run: { [N in CallName]: (given: Calls[N]['given']) => Promise<unknown> } = {
  open: async (given) => {
    const database = await createRxDatabase({
      name: `${given.name}-${given.index}`,
      storage: getRxStorageMemory(),
      multiInstance: false,
    });
    client = new Client(given, database);
    await client.start();
  },
  step: () => present().step(),
  heal: () => present().heal(),
  settled: () => present().settled(),
  idle: () => present().idle(),
  state: () => present().state(),
  close: () => present().close(),
};

async function answer({ number, name, given }: Call): Promise<Reply> {
  try {
    return { number, answer: await (run[name] as (given: unknown) => Promise<unknown>)(given) };
  } catch (error) {
    return { number, error: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}

parentPort?.on('message', (call: Call) => {
  void answer(call).then((reply) => parentPort?.postMessage(reply));
});
