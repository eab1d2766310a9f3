// The only way out for a document, in every channel: pull, push answers, stream, REST. What a role
// may not see is taken out here and nowhere else.

import type { Collection, Role } from '../../schemas/index.ts';

/** Whose eyes a document is for. */
export interface Viewer {
  readonly role: Role;
  readonly scopeKeys: readonly string[];
}

export const mayRead = (viewer: Viewer, collection: Collection): boolean =>
  collection.access.read.includes(viewer.role);

/** Whether the viewer holds one of the keys under which the document may be read. */
export const holdsKey = (viewer: Viewer, documentKeys: readonly string[]): boolean =>
  documentKeys.some((key) => viewer.scopeKeys.includes(key));

/** What of a document leaves, beside its text: where it belongs and who may read it. */
export interface Outgoing {
  readonly collection: Collection;
  readonly id: string;
  readonly text: string;
  readonly scopeKeys: readonly string[];
}

export const bareTombstone = (collection: Collection, id: string): string =>
  JSON.stringify({ [collection.primaryKey]: id, _deleted: true });

/**
 * A document's JSON text as the viewer may see it: untouched where the role hides nothing of it, a
 * bare tombstone where it is not the viewer's to see.
 */
export const project = (viewer: Viewer, { collection, id, text, scopeKeys }: Outgoing): string =>
  mayRead(viewer, collection) && holdsKey(viewer, scopeKeys) ? text : bareTombstone(collection, id);

/**
 * The joined texts of a page that the store has already filtered by the viewer's scope keys; they
 * leave as they are while no role hides fields, so that a page need not be parsed.
 */
export const projectPage = (
  viewer: Viewer,
  collection: Collection,
  joined: Uint8Array,
): Uint8Array => (mayRead(viewer, collection) ? joined : new Uint8Array());
