// Workspaces, people and keys: what is written about them. Whoever calls this has the right to it.

import { userId, workspaceId, type UserId, type WorkspaceId } from '../../replication/core.ts';
import type { Module, Role } from '../../schemas/index.ts';
import type { BelowFloor } from '../accept/circumstances.ts';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from '../config.ts';
import { uuid7 } from '../ops/uuid7.ts';
import type { RecordWrite, Store } from '../store/port/port.ts';
import { hashOfKey, keysIn, shownKey, type KnownKey } from './keys.ts';
import { hashPassword } from './password.ts';
import {
  create,
  CURRENT,
  FIRST_START_OVER,
  folded,
  KEY,
  MEMBER,
  MEMBER_OF,
  put,
  read,
  remove,
  rightsChange,
  USER,
  WORKSPACE,
  WORKSPACE_NAME,
} from './records.ts';
import { hashOf, newKey } from './secrets.ts';

/** A sentence for whoever gave the command. */
export class AccountError extends Error {}

export interface Workspace {
  readonly id: WorkspaceId;
  readonly name: string;
}

export interface NamedMember {
  readonly id: string;
  readonly name: string;
}

export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly workspace: string;
  readonly role: Role;
  /** Needed for somebody who is not known yet; otherwise not looked at. */
  readonly password?: string;
}

/** A server's first workspace with its owner. */
export interface Founding {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly workspace: string;
  readonly modules: readonly Module[];
}

export interface NewKey {
  readonly email: string;
  readonly workspace: string;
  readonly name: string;
  readonly readOnly: boolean;
}

const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;
const NAME = /^[^\p{Cc}]{1,100}$/u;

const checkedName = (name: string, what: string): string => {
  const trimmed = name.trim().normalize('NFC');
  if (!NAME.test(trimmed)) throw new AccountError(`The ${what} must have 1 to 100 characters.`);
  return trimmed;
};

const checkedPassword = (password: string | undefined): string => {
  if (password === undefined) throw new AccountError('A new user needs a password.');
  if (password.length < PASSWORD_MIN_LENGTH || password.length > PASSWORD_MAX_LENGTH)
    throw new AccountError(
      `The password must have ${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters.`,
    );
  return password;
};

const checkedEmail = (email: string): string => {
  const one = folded(email);
  if (!EMAIL.test(one) || one.length > 254)
    throw new AccountError(`"${email}" is no e-mail address.`);
  return one;
};

const newPerson = async (
  id: string,
  email: string,
  name: string,
  password: string | undefined,
): Promise<RecordWrite> => {
  const checked = checkedName(name, 'name');
  const hash = await hashPassword(checkedPassword(password));
  return create(USER, email, { id, email, name: checked, password: hash });
};

const membership = (workspace: string, user: string, role: Role): readonly RecordWrite[] => [
  create(MEMBER, `${workspace}/${user}`, { role }),
  put(MEMBER_OF, `${user}/${workspace}`, {}),
];

/** @param reference An id or a name. */
export async function findWorkspace(
  store: Store,
  reference: string,
): Promise<Workspace | undefined> {
  const byName = await read(store, WORKSPACE_NAME, folded(reference));
  const id = byName?.workspace ?? reference;
  const found = await read(store, WORKSPACE, id);
  return found === undefined ? undefined : { id: workspaceId(id), name: found.name };
}

export class Directory {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** @throws {AccountError} where the name is taken or none. */
  async createWorkspace(name: string): Promise<Workspace> {
    const { workspace, writes } = this.#newWorkspace(name);
    const isOver = put(FIRST_START_OVER, CURRENT, {});
    if (!(await this.#store.writeRecords([...writes, isOver])))
      throw new AccountError(`There is a workspace "${workspace.name}" already.`);
    return workspace;
  }

  /**
   * What makes a workspace and its owner, to be written in one go: nothing is written here.
   *
   * @throws {AccountError} where a name, address or password does not do.
   */
  async founding(founding: Founding): Promise<{
    readonly user: UserId;
    readonly email: string;
    readonly workspace: WorkspaceId;
    readonly writes: readonly RecordWrite[];
  }> {
    const { workspace, writes } = this.#newWorkspace(founding.workspace, founding.modules);
    const email = checkedEmail(founding.email);
    const user = uuid7(this.#now());
    return {
      user: userId(user),
      email,
      workspace: workspace.id,
      writes: [
        ...writes,
        await newPerson(user, email, founding.name, founding.password),
        ...membership(workspace.id, user, 'owner'),
      ],
    };
  }

  /**
   * Makes somebody a member, and known to the server where that is new.
   *
   * @throws {AccountError} where the workspace is unknown or the person is in it already.
   */
  async addMember(member: NewMember): Promise<{ readonly user: UserId; readonly isNew: boolean }> {
    const workspace = await this.#workspace(member.workspace);
    const email = checkedEmail(member.email);
    const known = await read(this.#store, USER, email);
    const id = known?.id ?? uuid7(this.#now());
    const person =
      known === undefined ? [await newPerson(id, email, member.name, member.password)] : [];
    const written = await this.#store.writeRecords([
      ...person,
      ...membership(workspace.id, id, member.role),
    ]);
    if (!written) throw new AccountError(`${email} is a member of "${workspace.name}" already.`);
    return { user: userId(id), isNew: known === undefined };
  }

  /** Who is in a workspace, for showing names where documents have ids. */
  async members(workspace: WorkspaceId): Promise<readonly NamedMember[]> {
    const start = `${workspace}/`;
    const memberships = await this.#store.records(MEMBER.name, start);
    const ids = new Set(memberships.map(({ id }) => id.slice(start.length)));
    const people = (await this.#store.records(USER.name, '')).map(({ id }) =>
      read(this.#store, USER, id),
    );
    return (await Promise.all(people)).flatMap((person) =>
      person !== undefined && ids.has(person.id) ? [{ id: person.id, name: person.name }] : [],
    );
  }

  /**
   * @returns The key, which is shown this once: only its hash is kept.
   * @throws {AccountError} where there is no such member.
   */
  async createKey(key: NewKey): Promise<string> {
    const { workspace, email, user } = await this.#member(key.email, key.workspace);
    if (key.name.length > 100)
      throw new AccountError("The key's name must have at most 100 characters.");
    const secret = newKey();
    await this.#store.writeRecords([
      put(KEY, hashOf(secret), {
        user,
        email,
        workspace,
        name: key.name,
        readOnly: key.readOnly,
        createdAtMs: this.#now(),
      }),
    ]);
    return secret;
  }

  /** The keys of a workspace, oldest first. */
  async listKeys(reference: string): Promise<readonly KnownKey[]> {
    const { id } = await this.#workspace(reference);
    return (await keysIn(this.#store, id)).map(shownKey);
  }

  /**
   * @param id As `listKeys` has it.
   * @throws {AccountError} where there is no such key.
   */
  async revokeKey(id: string): Promise<void> {
    const hash = await hashOfKey(this.#store, id);
    if (hash === undefined)
      throw new AccountError(`There is no key "${id}". See: holdfast token list --workspace NAME`);
    await this.#store.writeRecords([remove(KEY, hash), rightsChange()]);
  }

  /**
   * Ends a membership, and with it the keys that had its rights. The account stays, and so does what
   * its owner wrote.
   *
   * @throws {AccountError} where there is no such member.
   */
  async removeMember(member: {
    readonly email: string;
    readonly workspace: string;
  }): Promise<void> {
    const { workspace, user } = await this.#member(member.email, member.workspace);
    const keys = await keysIn(this.#store, workspace);
    await this.#store.writeRecords([
      remove(MEMBER, `${workspace}/${user}`),
      remove(MEMBER_OF, `${user}/${workspace}`),
      ...keys.filter(({ key }) => key.user === user).map(({ hash }) => remove(KEY, hash)),
      rightsChange(),
    ]);
  }

  /** What happens to a sale of more than there is. */
  async setBelowFloor(reference: string, belowFloor: BelowFloor): Promise<void> {
    const { id } = await this.#workspace(reference);
    const known = await read(this.#store, WORKSPACE, id);
    if (known === undefined) return;
    const changed = put(WORKSPACE, id, { ...known, belowFloor });
    await this.#store.writeRecords([changed, rightsChange()]);
  }

  async #member(address: string, reference: string) {
    const workspace = await this.#workspace(reference);
    const email = folded(address);
    const user = await read(this.#store, USER, email);
    const member = user && (await read(this.#store, MEMBER, `${workspace.id}/${user.id}`));
    if (user === undefined || member === undefined)
      throw new AccountError(`${email} is no member of "${workspace.name}".`);
    return { workspace: workspace.id, email, user: user.id };
  }

  #newWorkspace(
    name: string,
    modules?: readonly Module[],
  ): { readonly workspace: Workspace; readonly writes: readonly RecordWrite[] } {
    const checked = checkedName(name, "workspace's name");
    const createdAtMs = this.#now();
    const id = workspaceId(uuid7(createdAtMs));
    const some = modules === undefined ? {} : { modules };
    return {
      workspace: { id, name: checked },
      writes: [
        create(WORKSPACE_NAME, folded(checked), { workspace: id }),
        put(WORKSPACE, id, { name: checked, createdAtMs, ...some }),
      ],
    };
  }

  async #workspace(reference: string): Promise<Workspace> {
    const workspace = await findWorkspace(this.#store, reference);
    if (workspace === undefined)
      throw new AccountError(
        `There is no workspace "${reference}". Make one: holdfast workspace create --name NAME`,
      );
    return workspace;
  }
}
