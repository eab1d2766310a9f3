// Who writes on which device. A stamp names its device, so the author of each value is known, and
// what it loses goes to the right inbox, whoever changed the document since. A device is learnt before
// its first write is committed, by whichever process takes that; each remembers those it has met.

import { isDeviceId, type UserId, type WorkspaceId } from '../../replication/core.ts';
import type { Store } from '../store/port/port.ts';

const KIND = 'device';

interface Writer {
  readonly user: UserId;
}

/** Thrown out of a decision that needs to know the writer of a device which was not met here yet. */
class WriterNotMetError extends Error {}

export class DeviceWriters {
  readonly #store: Store;
  readonly #met = new Map<WorkspaceId, Map<string, UserId>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whoever is the first to write on a device is its writer. */
  async learn(workspace: WorkspaceId, device: string, user: UserId): Promise<UserId> {
    const met = this.of(workspace, device);
    if (met !== undefined) return met;
    const id = `${workspace}/${device}`;
    const known = async (): Promise<UserId | undefined> =>
      ((await this.#store.record(KIND, id)) as Writer | undefined)?.user;
    const first = { kind: KIND, id, value: { user }, onlyIf: { was: undefined } };
    let writer = await known();
    if (writer === undefined && !(await this.#store.writeRecords([first]))) writer = await known();
    writer ??= user;
    this.#metIn(workspace).set(device, writer);
    return writer;
  }

  /** Undefined where the server itself wrote, or where the device was not met. */
  of(workspace: WorkspaceId, device: string): UserId | undefined {
    return this.#met.get(workspace)?.get(device);
  }

  /**
   * Decides with those who were met, and where that is not enough once more with all there are: a
   * device that is not among them then has no writer.
   */
  async deciding<T>(
    workspace: WorkspaceId,
    decide: (writerOf: (device: string) => UserId | undefined) => Promise<T>,
  ): Promise<T> {
    const met = (device: string): UserId | undefined => this.of(workspace, device);
    try {
      return await decide((device) => {
        const writer = met(device);
        if (writer === undefined && isDeviceId(device)) throw new WriterNotMetError();
        return writer;
      });
    } catch (error) {
      if (!(error instanceof WriterNotMetError)) throw error;
      await this.#meetAll(workspace);
      return decide(met);
    }
  }

  async #meetAll(workspace: WorkspaceId): Promise<void> {
    const prefix = `${workspace}/`;
    const met = this.#metIn(workspace);
    for (const { id, value } of await this.#store.records(KIND, prefix))
      met.set(id.slice(prefix.length), (value as Writer).user);
  }

  #metIn(workspace: WorkspaceId): Map<string, UserId> {
    const met = this.#met.get(workspace) ?? new Map<string, UserId>();
    this.#met.set(workspace, met);
    return met;
  }
}
