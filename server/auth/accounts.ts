// The one place for accounts: who there is (directory.ts), who asks (credentials.ts), and sessions.
// All changes go through it, so that what others remember of rights is forgotten at once; of changes
// by other processes it hears by looking (docs/decisions/0007-several-servers.md).

import type { BelowFloor } from '../accept/circumstances.ts';
import { workspaceId, type WorkspaceId } from '../../replication/core.ts';
import { HttpProblem } from '../errors.ts';
import type { Store } from '../store/port/port.ts';
import { Credentials, type Authenticated, type Credential } from './credentials.ts';
import {
  Directory,
  findWorkspace,
  type NewKey,
  type NewMember,
  type Workspace,
} from './directory.ts';
import { FirstStart, type FirstStartRequest } from './first-start.ts';
import { passwordFits } from './password.ts';
import type { Reader } from './reader.ts';
import {
  CURRENT,
  folded,
  MEMBER_OF,
  read,
  remove,
  RIGHTS_CHANGE,
  rightsChange,
  SESSION,
  SESSION_USE,
  USER,
} from './records.ts';
import { hashOf } from './secrets.ts';
import { newSession } from './new-session.ts';
import { sweepAttempts, Throttle } from './throttle.ts';

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Id or name. Without it, the first workspace that the user became a member of. */
  readonly workspace?: string;
  /** The network address that asks. */
  readonly address: string;
}

export interface SignedIn {
  readonly token: string;
  readonly reader: Reader;
}

export class Accounts {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #directory: Directory;
  readonly #credentials: Credentials;
  readonly #throttle: Throttle;
  readonly #firstStart: FirstStart;
  readonly #listeners = new Set<() => void>();
  #lastChange: string | undefined;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#directory = new Directory(store, now);
    this.#credentials = new Credentials(store, now);
    this.#throttle = new Throttle(store, now, 'log-in');
    this.#firstStart = new FirstStart(store, this.#directory, now);
  }

  authenticate(credential: Credential): Promise<Authenticated | undefined> {
    return this.#credentials.authenticate(credential);
  }

  /** Whether a reader's credential still stands with the same rights; for streams. */
  recheck(reader: Reader): Promise<boolean> {
    return this.#credentials.recheck(reader);
  }

  commander(email: string, workspace: string): Promise<Reader | undefined> {
    return this.#credentials.commander(folded(email), workspace);
  }

  /** Called after accounts, rights or sessions have changed. Returns the call that stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Looks whether rights were changed, by whichever process on the store, since the last look. */
  async lookForChanges(): Promise<void> {
    const name = (await read(this.#store, RIGHTS_CHANGE, CURRENT))?.name;
    if (name !== this.#lastChange) this.#forget();
    this.#lastChange = name;
  }

  createWorkspace(name: string): Promise<Workspace> {
    return this.#changing(this.#directory.createWorkspace(name));
  }

  addMember(member: NewMember): ReturnType<Directory['addMember']> {
    return this.#changing(this.#directory.addMember(member));
  }

  members(workspace: WorkspaceId): ReturnType<Directory['members']> {
    return this.#directory.members(workspace);
  }

  createKey(key: NewKey): Promise<string> {
    return this.#changing(this.#directory.createKey(key));
  }

  listKeys(workspace: string): ReturnType<Directory['listKeys']> {
    return this.#directory.listKeys(workspace);
  }

  revokeKey(id: string): Promise<void> {
    return this.#changing(this.#directory.revokeKey(id));
  }

  setBelowFloor(workspace: string, what: BelowFloor): Promise<void> {
    return this.#changing(this.#directory.setBelowFloor(workspace, what));
  }

  removeMember(member: Parameters<Directory['removeMember']>[0]): Promise<void> {
    return this.#changing(this.#directory.removeMember(member));
  }

  /** A code with which somebody may make the first workspace; it replaces the one before. */
  createFirstStartCode(): Promise<string> {
    return this.#firstStart.createCode();
  }

  /**
   * Makes the first workspace and its owner, all or nothing, and signs the owner in. Asked again with
   * the same code by somebody whose answer was lost, it signs them in.
   *
   * @throws {HttpProblem} `already_set_up`, `wrong_first_start_code`, `throttled`.
   * @throws {AccountError} where a name, address or password does not do.
   */
  async setUp(request: FirstStartRequest): Promise<SignedIn> {
    try {
      return await this.#enter(await this.#changing(this.#firstStart.setUp(request)));
    } catch (error) {
      const isAgain =
        error instanceof HttpProblem &&
        error.code === 'already_set_up' &&
        (await this.#firstStart.wasMadeWith(request.code));
      if (!isAgain) throw error;
      return this.signIn(request).catch(() => {
        throw error;
      });
    }
  }

  async hasWorkspaces(): Promise<boolean> {
    return (await this.#store.records('workspace', '')).length > 0;
  }

  async isKnown(email: string): Promise<boolean> {
    return (await read(this.#store, USER, folded(email))) !== undefined;
  }

  /**
   * @throws {HttpProblem} `wrong_credentials` for an unknown user as for a wrong password, after the
   * same time; `throttled`; `not_a_member` only for somebody whose password was right.
   */
  async signIn(request: SignIn): Promise<SignedIn> {
    const email = folded(request.email);
    await this.#throttle.attempt(email, request.address);
    const user = await read(this.#store, USER, email);
    const fits = await passwordFits(request.password, user?.password);
    if (user === undefined || !fits) throw new HttpProblem('wrong_credentials');
    await this.#throttle.succeeded(email, request.address);

    const workspace = await this.#workspaceFor(user.id, request.workspace);
    const { token, write } = newSession({ user: user.id, email, workspace }, this.#now());
    await this.#store.writeRecords([write]);
    return this.#enter(token);
  }

  /** Ends a session at once, for requests and streams alike. */
  async signOut(token: string): Promise<void> {
    const hash = hashOf(token);
    // Anybody may send a made-up token: it must not make the server forget and look up everybody.
    if ((await read(this.#store, SESSION, hash)) === undefined) return;
    await this.#changing(
      this.#store.writeRecords([remove(SESSION, hash), remove(SESSION_USE, hash), rightsChange()]),
    );
  }

  /** Removes sessions that have ended by themselves, and attempts to log in that count no more. */
  async sweep(): Promise<void> {
    await sweepAttempts(this.#store, this.#now());
    const hashes = new Set<string>();
    for (const { name } of [SESSION, SESSION_USE])
      for (const { id } of await this.#store.records(name, '')) hashes.add(id);
    for (const hash of hashes) {
      const session = await read(this.#store, SESSION, hash);
      const use = await read(this.#store, SESSION_USE, hash);
      const endsMs = session && Math.max(session.expiresAtMs, use?.expiresAtMs ?? 0);
      if (endsMs === undefined || endsMs <= this.#now())
        await this.#store.writeRecords([remove(SESSION, hash), remove(SESSION_USE, hash)]);
    }
  }

  async #enter(token: string): Promise<SignedIn> {
    const authenticated = await this.authenticate({ secret: token, via: 'session' });
    if (authenticated === undefined) throw new HttpProblem('not_a_member');
    return { token, reader: authenticated.reader };
  }

  async #workspaceFor(user: string, asked: string | undefined): Promise<WorkspaceId> {
    const memberships = await this.#store.records(MEMBER_OF.name, `${user}/`);
    const ids = memberships.map(({ id }) => workspaceId(id.slice(user.length + 1)));
    const wanted = asked === undefined ? ids[0] : (await findWorkspace(this.#store, asked))?.id;
    if (wanted === undefined || !ids.includes(wanted)) throw new HttpProblem('not_a_member');
    return wanted;
  }

  async #changing<T>(change: Promise<T>): Promise<T> {
    try {
      return await change;
    } finally {
      // Also after a failure: its write may have taken place all the same.
      this.#forget();
    }
  }

  #forget(): void {
    this.#credentials.forget();
    for (const listener of this.#listeners) listener();
  }
}
