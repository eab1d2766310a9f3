// Commands that keep data safe or hand them out, over the core of whichever process has the store.

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { WireDocument, WorkspaceId } from '../../replication/core.ts';
import { withoutEnvelope, type DocumentFields } from '../../schemas/index.ts';
import { findWorkspace } from '../auth/directory.ts';
import { WORKSPACE } from '../auth/records.ts';
import { EXPORT_PAGE } from '../config.ts';
import { StoreFailedError } from '../store/port/port.ts';
import { CommandError } from './command-error.ts';
import type { Core } from '../core.ts';
import type { PurgeReport } from './retention.ts';

/** Copies everything into a file that is not there yet. Returns how large it is. */
export async function backUp({ store }: Core, file: string): Promise<{ sizeBytes: number }> {
  if (store.backup === undefined)
    throw new CommandError('This database makes its own backups. Use its tools.');
  if (existsSync(file))
    throw new CommandError(`${file} is there already and stays as it is. Choose another name.`);
  try {
    await store.backup(file);
    return { sizeBytes: (await stat(file)).size };
  } catch (error) {
    const cause = error instanceof StoreFailedError ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(
      `The backup could not be written to ${file}: ${reason}. The data are as they were. ` +
        'Look whether the folder is there and has room, then try again.',
    );
  }
}

export async function purge(
  core: Core,
  { olderThanMs, workspace }: { readonly olderThanMs: number; readonly workspace?: string },
): Promise<PurgeReport> {
  const only = workspace === undefined ? undefined : await workspaceNamed(core, workspace);
  const report = await core.retention.purge(olderThanMs, only);
  if (report === undefined)
    throw new CommandError(
      'A purge is under way already, here or on another server. Wait until it has ended; one that was killed stands in the way for a minute.',
    );
  return report;
}

export interface ExportPage {
  readonly documents: readonly DocumentFields[];
  /** Asks for the next page; missing at the end. */
  readonly next?: string;
}

/** Documents as people know them, in the order of ids. */
export async function exportPage(
  core: Core,
  asked: { readonly collection: string; readonly workspace?: string; readonly after: string },
): Promise<ExportPage> {
  const collection = core.collections.get(asked.collection);
  if (collection === undefined)
    throw new CommandError(
      `There is no collection "${asked.collection}". There are: ${[...core.collections.keys()].join(', ')}.`,
    );
  const workspace = await workspaceNamed(core, asked.workspace);
  const found = await core.store.scan(workspace, collection.name, asked.after, EXPORT_PAGE);
  const next = found.length < EXPORT_PAGE ? undefined : found.at(-1)?.id;
  return {
    documents: found
      .filter(({ deleted }) => !deleted)
      .map(({ text }) => withoutEnvelope(JSON.parse(text) as WireDocument)),
    ...(next === undefined ? {} : { next }),
  };
}

/** The workspace of a name or id; without one, the only one there is. */
async function workspaceNamed({ store }: Core, asked: string | undefined): Promise<WorkspaceId> {
  if (asked !== undefined) {
    const found = await findWorkspace(store, asked);
    if (found === undefined) throw new CommandError(`There is no workspace "${asked}".`);
    return found.id;
  }
  const [only, ...others] = await store.records(WORKSPACE.name, '');
  if (only === undefined) throw new CommandError('There is no workspace yet.');
  if (others.length > 0)
    throw new CommandError('There are several workspaces. Say which one with --workspace NAME.');
  return only.id as WorkspaceId;
}
