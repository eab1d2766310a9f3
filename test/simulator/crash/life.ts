// One process on a device: a database that syncs, until it is killed at a fail-point. From then on
// nothing that it had begun has an effect, gets an answer or goes on; its requests may still arrive.

import {
  createRxDatabase,
  OPEN_COLLECTIONS,
  OPEN_REPLICATION_STATES,
  type RxCollection,
  type RxDatabase,
} from 'rxdb';
import { filter, isObservable } from 'rxjs';
import {
  startSync,
  type Ledger,
  type Platform,
  type RefusedWrite,
  type Sync,
  type SyncStatus,
  type WireDocument,
} from '../../../replication/index.ts';
import { defaultPlatform } from '../../../replication/plugin/default-platform.ts';
import type { Collection } from '../../../schemas/index.ts';
import type { Disk } from './disk.ts';
import type { Death } from './fail-points.ts';
import { guardedStorage } from './guarded-storage.ts';
import { Mortal } from './mortal.ts';
import type { Bug } from './shop.ts';
import type { Wire } from './wire.ts';

const TIMING = {
  collectMs: 1,
  requestTimeoutMs: 60_000,
  streamSilenceMs: 120_000,
  firstRetryMs: 2,
  longestRetryMs: 30,
  auditRestMs: 20,
  journalMs: 5,
};

export interface LifeOptions {
  readonly number: number;
  readonly disk: Disk;
  readonly wire: Wire;
  readonly collections: readonly Collection[];
  readonly death: Death | undefined;
  readonly bug: Bug;
}

type Method = (...given: readonly unknown[]) => unknown;

export class Life extends Mortal {
  readonly #given: LifeOptions;
  readonly #timers = new Set<() => void>();
  #letGo = (): void => {};
  #database: RxDatabase | undefined;
  #sync: Sync | undefined;
  #status: SyncStatus | undefined;
  #refused: readonly RefusedWrite[] = [];

  constructor(given: LifeOptions) {
    super(given.death);
    this.#given = given;
  }

  get status(): SyncStatus | undefined {
    return this.#status;
  }
  get refused(): readonly RefusedWrite[] {
    return this.#refused;
  }
  get sync(): Sync {
    if (this.#sync === undefined) throw new Error('It has not started.');
    return this.#sync;
  }
  local(name: string): RxCollection<WireDocument> {
    const local = this.#database?.collections[name];
    if (local === undefined) throw new Error(`${name} is not open.`);
    return local as RxCollection<WireDocument>;
  }
  async start(): Promise<void> {
    const { disk, wire, collections, number, bug } = this.#given;
    const ledger = this.#guardedLedger(disk.ledger);
    const { name } = disk;
    const guarded = guardedStorage(this, `life ${number}`, disk);
    this.#letGo = guarded.letGo;
    const { storage } = guarded;
    const database = await createRxDatabase({ name, storage, multiInstance: false });
    this.#database = database;
    this.#sync = await startSync({
      database,
      collections,
      url: wire.url,
      token: wire.token,
      ledger: bug.ledger?.(ledger) ?? ledger,
      platform: this.#platform(wire),
      timing: TIMING,
    });
    this.#sync.status$.subscribe((status) => (this.#status = status));
    this.#sync.refused$.subscribe((refused) => (this.#refused = refused));
  }

  async close(): Promise<void> {
    this.spare();
    await this.#sync?.stop();
    await this.#database?.close();
  }

  #platform(wire: Wire): Partial<Platform> {
    const platform = defaultPlatform();
    return {
      after: (delayMs, run) => {
        const cancel = platform.after(delayMs, () => {
          this.#timers.delete(cancel);
          if (this.isAlive) run();
        });
        this.#timers.add(cancel);
        return () => {
          this.#timers.delete(cancel);
          cancel();
        };
      },
      // As in a browser: each step asks the ledger whether this process still leads.
      locks: { request: (_name, _options, held) => held() },
      openChannel: () => ({ post: () => {}, listen: () => {}, close: () => {} }),
      ...wire.for(this),
    };
  }

  /** Every method of the port, also one that is added later. */
  #guardedLedger(ledger: Ledger): Ledger {
    return new Proxy(ledger, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (isObservable(value)) return value.pipe(filter(() => this.isAlive));
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as Method;
        return (...given: readonly unknown[]) =>
          this.call(`ledger: ${String(property)}`, async () => method(...given));
      },
    });
  }

  protected override bury(): void {
    for (const cancel of this.#timers) cancel();
    // What RxDB counts for the whole realm ends with the process in truth.
    this.#letGo();
    for (const collection of Object.values(this.#database?.collections ?? {}))
      OPEN_COLLECTIONS.delete(collection);
    for (const state of OPEN_REPLICATION_STATES)
      if (state.input.forkInstance.databaseName === this.#given.disk.name)
        OPEN_REPLICATION_STATES.delete(state);
    this.#database?.onClosed?.();
    this.#given.disk.reopen();
  }
}
