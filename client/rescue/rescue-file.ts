// The file into which unsent work is saved: readable by people, and by programs.

import { collections } from '../../schemas/index.ts';
import { downloadText } from '../queries/download.ts';
import type { Account } from '../session/account.ts';
import { readUnsent, type Unsent, type UnsentDocument } from './unsent.ts';

const DID: Readonly<Record<UnsentDocument['kind'], string>> = {
  new: 'New',
  changed: 'Changed',
  deleted: 'Deleted',
  unknown: 'Perhaps sent:',
};

const labelOf = (collection: string): string =>
  Object.values(collections).find(({ name }) => name === collection)?.label.one ?? collection;

const rescueFileName = (account: Account, atMs: number): string => {
  const day = new Date(atMs).toISOString().slice(0, 16).replace(/[:T]/g, '-');
  return `unsent-work-${account.workspace.name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${day}.json`;
};

const rescueFile = (account: Account, unsent: Unsent, atMs: number): string => {
  const { user, workspace } = account;
  const content = {
    about: 'Changes that were on a device and not yet on the server. Each document is complete.',
    savedAt: new Date(atMs).toISOString(),
    server: location.host,
    workspace,
    user,
    notRead: unsent.unread,
    changes: unsent.documents.map(({ collection, id, kind, document }) => ({
      label: `${DID[kind]} ${labelOf(collection)}`,
      collection,
      id,
      document,
    })),
    groups: unsent.groups.map(({ label, createdAtMs, members }) => ({
      label,
      createdAt: new Date(createdAtMs).toISOString(),
      changes: members.map(({ collection, id, doc }) => ({ collection, id, document: doc })),
    })),
    notAccepted: unsent.refused.map(({ collection, id, doc, message }) => ({
      label: `Not accepted: ${message}`,
      collection,
      id,
      document: doc,
    })),
  };
  return JSON.stringify(content, null, 2);
};

/** Gives the file's name. */
export const saveUnsent = (account: Account, unsent: Unsent): string => {
  const atMs = Date.now();
  const name = rescueFileName(account, atMs);
  downloadText(name, 'application/json', rescueFile(account, unsent, atMs));
  return name;
};

/** Of a database that may be open. Says what was saved, and what could not be. */
export const saveFrom = async (name: string, account: Account): Promise<string> => {
  const unsent = await readUnsent(name);
  const missing =
    unsent.unread.length > 0 ? ` Could not be read: ${unsent.unread.join(', ')}.` : '';
  return `Saved as ${saveUnsent(account, unsent)}. The file stays on this device.${missing}`;
};
