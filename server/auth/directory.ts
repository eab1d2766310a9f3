// Workspaces, people and keys: what is written about them. Whoever calls this has the right to it.

import { userId, workspaceId, type UserId, type WorkspaceId } from '../../replication/core.ts';
import type { Role } from '../../schemas/index.ts';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from '../config.ts';
import { uuid7 } from '../ops/uuid7.ts';
import type { Store } from '../store/port/port.ts';
import { hashPassword } from './password.ts';
import {
  folded,
  KEY,
  MEMBER,
  MEMBER_OF,
  put,
  read,
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

export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly workspace: string;
  readonly role: Role;
  /** Needed for somebody who is not known yet; otherwise not looked at. */
  readonly password?: string;
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
    const checked = checkedName(name, "workspace's name");
    const createdAtMs = this.#now();
    const id = workspaceId(uuid7(createdAtMs));
    const written = await this.#store.writeRecords([
      put(WORKSPACE_NAME, folded(checked), { workspace: id }, true),
      put(WORKSPACE, id, { name: checked, createdAtMs }),
    ]);
    if (!written) throw new AccountError(`There is a workspace "${checked}" already.`);
    return { id, name: checked };
  }

  /**
   * Makes somebody a member, and known to the server where that is new.
   *
   * @throws {AccountError} where the workspace is unknown or the person is in it already.
   */
  async addMember(member: NewMember): Promise<{ readonly user: UserId; readonly isNew: boolean }> {
    const workspace = await this.#workspace(member.workspace);
    const email = folded(member.email);
    if (!EMAIL.test(email) || email.length > 254)
      throw new AccountError(`"${member.email}" is no e-mail address.`);
    const known = await read(this.#store, USER, email);
    const id = known?.id ?? uuid7(this.#now());
    const person =
      known === undefined
        ? [
            put(
              USER,
              email,
              {
                id,
                email,
                name: checkedName(member.name, 'name'),
                password: await hashPassword(checkedPassword(member.password)),
              },
              true,
            ),
          ]
        : [];
    const written = await this.#store.writeRecords([
      ...person,
      put(MEMBER, `${workspace.id}/${id}`, { role: member.role }, true),
      put(MEMBER_OF, `${id}/${workspace.id}`, {}),
    ]);
    if (!written) throw new AccountError(`${email} is a member of "${workspace.name}" already.`);
    return { user: userId(id), isNew: known === undefined };
  }

  /**
   * @returns The key, which is shown this once: only its hash is kept.
   * @throws {AccountError} where there is no such member.
   */
  async createKey(key: NewKey): Promise<string> {
    const workspace = await this.#workspace(key.workspace);
    const email = folded(key.email);
    const user = await read(this.#store, USER, email);
    const member = user && (await read(this.#store, MEMBER, `${workspace.id}/${user.id}`));
    if (user === undefined || member === undefined)
      throw new AccountError(`${email} is no member of "${workspace.name}".`);
    if (key.name.length > 100)
      throw new AccountError("The key's name must have at most 100 characters.");
    const secret = newKey();
    await this.#store.writeRecords([
      put(KEY, hashOf(secret), {
        user: user.id,
        email,
        workspace: workspace.id,
        name: key.name,
        readOnly: key.readOnly,
        createdAtMs: this.#now(),
      }),
    ]);
    return secret;
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
