// From a token or key to the reader behind it. Asked for every request, so answers are kept for a
// few seconds; asked afresh for streams that live longer than that.

import { userId, workspaceId } from '../../replication/core.ts';
import { MODULES, scopeKeysOf } from '../../schemas/index.ts';
import {
  CREDENTIAL_CACHE_MS,
  CREDENTIAL_CACHE_SIZE,
  SESSION_LIFETIME_MS,
  SESSION_RENEWAL_MS,
} from '../config.ts';
import { HttpProblem } from '../errors.ts';
import type { Store } from '../store/port/port.ts';
import { findWorkspace } from './directory.ts';
import type { Reader } from './reader.ts';
import { KEY, MEMBER, put, read, SESSION, SESSION_USE, USER, WORKSPACE } from './records.ts';
import { hashOf, isKey, isToken } from './secrets.ts';

export interface Credential {
  readonly secret: string;
  readonly via: 'session' | 'key';
  /** Id or name, from the header X-Workspace. */
  readonly workspace?: string;
}

export interface Authenticated {
  readonly reader: Reader;
  /** The session was prolonged: its cookie is to be sent again. */
  readonly renewed: boolean;
}

/** What a credential's record says, before anybody's rights are looked up. */
interface Grant {
  readonly user: string;
  readonly email: string;
  readonly workspace: string;
  readonly readOnly: boolean;
  /** Infinity for keys. */
  readonly expiresAtMs: number;
}

interface Cached {
  readonly reader: Reader;
  readonly untilMs: number;
}

export class Credentials {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #cache = new Map<string, Cached>();
  /** Counts what was written, so that an answer read before a change is not kept after it. */
  #generation = 0;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** To be called after every change of accounts. */
  forget(): void {
    this.#generation += 1;
    this.#cache.clear();
  }

  /**
   * The reader behind a credential; `undefined` where it is none or has ended.
   *
   * @throws {HttpProblem} `not_a_member`, where the workspace asked for is not the reader's.
   */
  async authenticate(credential: Credential): Promise<Authenticated | undefined> {
    const { secret, via } = credential;
    if (!(via === 'key' ? isKey(secret) : isToken(secret))) return undefined;
    const hash = hashOf(secret);
    const place = `${via} ${hash} ${credential.workspace ?? ''}`;
    const cached = this.#cache.get(place);
    if (cached !== undefined && this.#now() < cached.untilMs)
      return { reader: cached.reader, renewed: false };

    const generation = this.#generation;
    const grant = await this.#grant(hash, via);
    if (grant === undefined) return undefined;
    const reader = await this.#reader(hash, via, grant, credential.workspace);
    if (reader === undefined) return undefined;
    const renewed = via === 'session' && (await this.#prolong(hash, grant));
    if (generation === this.#generation) this.#keep(place, reader, grant.expiresAtMs);
    return { reader, renewed };
  }

  /** Whether a reader's credential still stands, with the same rights. Never from the cache. */
  async recheck(reader: Reader): Promise<boolean> {
    if (reader.via === 'command') return true;
    const grant = await this.#grant(reader.credential, reader.via);
    if (grant === undefined) return false;
    const { credential, via } = reader;
    const now = await this.#member(credential, via, grant, reader.workspace);
    return (
      now !== undefined &&
      now.user === reader.user &&
      now.role === reader.role &&
      now.readOnly === reader.readOnly &&
      now.scopeKeys.join('\n') === reader.scopeKeys.join('\n')
    );
  }

  /** The member behind an e-mail address, for commands. */
  async commander(email: string, workspace: string): Promise<Reader | undefined> {
    const found = await findWorkspace(this.#store, workspace);
    const user = await read(this.#store, USER, email);
    if (found === undefined || user === undefined) return undefined;
    const grant = { user: user.id, email, workspace: found.id, readOnly: false, expiresAtMs: 0 };
    return this.#member('', 'command', grant, found.id);
  }

  async #grant(hash: string, via: 'session' | 'key'): Promise<Grant | undefined> {
    if (via === 'key') {
      const key = await read(this.#store, KEY, hash);
      return key && { ...key, expiresAtMs: Number.POSITIVE_INFINITY };
    }
    const session = await read(this.#store, SESSION, hash);
    if (session === undefined) return undefined;
    const use = await read(this.#store, SESSION_USE, hash);
    const expiresAtMs = Math.max(session.expiresAtMs, use?.expiresAtMs ?? 0);
    return this.#now() < expiresAtMs ? { ...session, readOnly: false, expiresAtMs } : undefined;
  }

  async #reader(
    hash: string,
    via: 'session' | 'key',
    grant: Grant,
    asked: string | undefined,
  ): Promise<Reader | undefined> {
    if (asked === undefined) return this.#member(hash, via, grant, grant.workspace);
    const workspace = await findWorkspace(this.#store, asked);
    // A key is for one workspace, also where its owner has more.
    const reader =
      workspace === undefined || (via === 'key' && workspace.id !== grant.workspace)
        ? undefined
        : await this.#member(hash, via, grant, workspace.id);
    if (reader === undefined) throw new HttpProblem('not_a_member');
    return reader;
  }

  async #member(
    hash: string,
    via: Reader['via'],
    grant: Grant,
    id: string,
  ): Promise<Reader | undefined> {
    const [user, workspace, member] = await Promise.all([
      read(this.#store, USER, grant.email),
      read(this.#store, WORKSPACE, id),
      read(this.#store, MEMBER, `${id}/${grant.user}`),
    ]);
    if (user?.id !== grant.user || workspace === undefined || member === undefined)
      return undefined;
    return {
      workspace: workspaceId(id),
      workspaceName: workspace.name,
      modules: workspace.modules ?? MODULES,
      belowFloor: workspace.belowFloor ?? 'flag',
      user: userId(user.id),
      name: user.name,
      email: user.email,
      role: member.role,
      readOnly: grant.readOnly,
      scopeKeys: scopeKeysOf(user.id, member.role),
      credential: hash,
      via,
    };
  }

  async #prolong(hash: string, grant: Grant): Promise<boolean> {
    const expiresAtMs = this.#now() + SESSION_LIFETIME_MS;
    if (expiresAtMs - grant.expiresAtMs < SESSION_RENEWAL_MS) return false;
    await this.#store.writeRecords([put(SESSION_USE, hash, { expiresAtMs })]);
    return true;
  }

  #keep(place: string, reader: Reader, expiresAtMs: number): void {
    // Simple and bounded: a full cache costs its users one more read each.
    if (this.#cache.size >= CREDENTIAL_CACHE_SIZE) this.#cache.clear();
    const untilMs = Math.min(this.#now() + CREDENTIAL_CACHE_MS, expiresAtMs);
    this.#cache.set(place, { reader, untilMs });
  }
}
