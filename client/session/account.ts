// Who is logged in, as this device remembers it: ids and names, nothing secret. With it the local
// database opens before, and without, the server.

import { ROLES, type Role } from '../../schemas/index.ts';
import { parseModules, type ModuleName } from '../modules.ts';

export interface Account {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly workspace: { readonly id: string; readonly name: string };
  readonly role: Role;
  /** What the workspace uses. */
  readonly modules: readonly ModuleName[];
  /** Names by id, of those who are in the workspace. */
  readonly members: Readonly<Record<string, string>>;
}

const REMEMBERED = 'holdfast.account';
const END_SESSION = 'holdfast.end-session';

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const field = (value: unknown, name: string): unknown =>
  isRecord(value) ? value[name] : undefined;
export const textOf = (value: unknown, name: string): string => {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
};

/** A list with ids and names from the server, or what was remembered of it. */
const parseMembers = (value: unknown): Account['members'] => {
  const named: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((one) => [textOf(one, 'id'), field(one, 'name')])
    : Object.entries(isRecord(value) ? value : {});
  return Object.fromEntries(
    named.flatMap(([id, name]) => (typeof name === 'string' && name ? [[id, name]] : [])),
  );
};

/** From the server's answer about the session, or from what was remembered of one. */
export const parseAccount = (value: unknown): Account | undefined => {
  const [user, workspace] = [field(value, 'user'), field(value, 'workspace')];
  const [id, workspaceId] = [textOf(user, 'id'), textOf(workspace, 'id')];
  const role = ROLES.find((one) => one === textOf(value, 'role'));
  if (!id || !workspaceId || !role) return undefined;
  return {
    user: { id, email: textOf(user, 'email'), name: textOf(user, 'name') },
    workspace: { id: workspaceId, name: textOf(workspace, 'name') },
    role,
    modules: parseModules(field(value, 'modules')),
    members: parseMembers(field(value, 'members')),
  };
};

export const readRemembered = (): Account | undefined => {
  try {
    return parseAccount(JSON.parse(localStorage.getItem(REMEMBERED) ?? 'null'));
  } catch {
    return undefined;
  }
};

export const remember = (account: Account | undefined): void => {
  if (!account) return localStorage.removeItem(REMEMBERED);
  localStorage.setItem(REMEMBERED, JSON.stringify(account));
};

/** Another tab logged in, out, or in as somebody else. */
export const onRememberedElsewhere = (listener: (isLogOut: boolean) => void): void =>
  window.addEventListener('storage', ({ key, newValue }) => {
    // Without a key all was cleared, by hand: nobody has agreed to lose anything.
    if (key === REMEMBERED || key === null) listener(key !== null && newValue === null);
  });

/** Somebody logged out while the server was away: its session must still be ended. */
export const owesLogOut = {
  read: (): boolean => localStorage.getItem(END_SESSION) !== null,
  write: (owed: boolean): void =>
    owed ? localStorage.setItem(END_SESSION, '1') : localStorage.removeItem(END_SESSION),
};

export const sameAccount = (one: Account | undefined, other: Account | undefined): boolean =>
  one?.user.id === other?.user.id && one?.workspace.id === other?.workspace.id;
