// Who may read and write a collection. Roles are the workspace's; scope keys name the part of it
// that a member holds. Every document is the whole workspace's until a collection says otherwise.

export const ROLES = ['owner', 'manager', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** The scope key that every member of a workspace holds. */
export const WORKSPACE_SCOPE = 'workspace';

/** The scope keys that a member holds by name and by role. */
export const userScope = (user: string): string => `user:${user}`;
export const roleScope = (role: Role): string => `role:${role}`;
/** A key that one member alone can hold, always the same. */
export const isPersonalScope = (key: string): boolean => key.startsWith('user:');
export const scopeKeysOf = (user: string, role: Role): readonly string[] => [
  WORKSPACE_SCOPE,
  userScope(user),
  roleScope(role),
];

export interface AccessRules {
  readonly read: readonly Role[];
  readonly write: readonly Role[];
}

export const everyoneReadsMembersWrite: AccessRules = {
  read: ROLES,
  write: ['owner', 'manager', 'member'],
};
