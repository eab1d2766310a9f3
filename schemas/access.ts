// Who may read and write a collection. Roles are the workspace's; scope keys name the part of it
// that a member holds. Every document is the whole workspace's until a collection says otherwise.

export const ROLES = ['owner', 'manager', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** The scope key that every member of a workspace holds. */
export const WORKSPACE_SCOPE = 'workspace';

export interface AccessRules {
  readonly read: readonly Role[];
  readonly write: readonly Role[];
}

export const everyoneReadsMembersWrite: AccessRules = {
  read: ROLES,
  write: ['owner', 'manager', 'member'],
};
