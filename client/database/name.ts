// The local database's name: one per server, workspace and user. Its end is marked, so that no
// name is the beginning of another one.

import type { Account } from '../session/account.ts';

const safe = (part: string): string =>
  part.replace(/[^a-z0-9-]/g, (sign) => `_${(sign.codePointAt(0) ?? 0).toString(16)}_`);

export const databaseName = (server: string, workspace: string, user: string): string =>
  `holdfast$${[server, workspace, user].map(safe).join('$')}$`;

export const databaseOf = (account: Account): string =>
  databaseName(location.host, account.workspace.id, account.user.id);
