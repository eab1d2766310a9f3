// Who writes on which device. A stamp names its device, so the author of each value is known, and
// what it loses goes to the right inbox, whoever changed the document since.

import type { UserId, WorkspaceId } from '../../replication/core.ts';
import type { Store } from '../store/port/port.ts';

const KIND = 'device';
type Writers = Map<string, UserId>;

interface Writer {
  readonly user: UserId;
}

export class DeviceWriters {
  readonly #store: Store;
  readonly #workspaces = new Map<WorkspaceId, Promise<Writers>>();
  readonly #loaded = new Map<WorkspaceId, Writers>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whoever is the first to write on a device is its writer. */
  async learn(workspace: WorkspaceId, device: string, user: UserId): Promise<void> {
    if (this.#loaded.get(workspace)?.has(device) === true) return;
    const writers = await this.#load(workspace);
    if (writers.has(device)) return;
    const id = `${workspace}/${device}`;
    // Kept first: what could not be written is learnt with the next push.
    const isFirst = await this.#store.writeRecords([
      { kind: KIND, id, value: { user }, ifAbsent: true },
    ]);
    const known = isFirst ? { user } : ((await this.#store.record(KIND, id)) as Writer | undefined);
    if (known !== undefined) writers.set(device, known.user);
  }

  /** Undefined where the server itself wrote, or where nobody has said so yet. */
  of(workspace: WorkspaceId, device: string): UserId | undefined {
    return this.#loaded.get(workspace)?.get(device);
  }

  #load(workspace: WorkspaceId): Promise<Writers> {
    const known = this.#workspaces.get(workspace);
    if (known !== undefined) return known;
    const loading = this.#read(workspace);
    this.#workspaces.set(workspace, loading);
    loading.catch(() => this.#workspaces.delete(workspace));
    return loading;
  }

  async #read(workspace: WorkspaceId): Promise<Writers> {
    const prefix = `${workspace}/`;
    const records = await this.#store.records(KIND, prefix);
    const writers: Writers = new Map(
      records.map(({ id, value }) => [id.slice(prefix.length), (value as Writer).user]),
    );
    this.#loaded.set(workspace, writers);
    return writers;
  }
}
