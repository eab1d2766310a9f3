// A collection of the local database as the source of a live list. It reads plain documents page by
// page, by the time of their last write: RxDB's query would make a document object of each and keep
// all of them, and has no index by key where a collection declares others.

import { getChangedDocumentsSince, type RxCollection } from 'rxdb/plugins/core';
import type { Written } from '../database/open.ts';
import type { Change, Source } from './live-list.ts';

const PAGE = 500;
/** More at once is catching up, not somebody at work. */
const AT_WORK = 50;

export const sourceOf = <Doc extends Written<{ readonly id: string }>>(
  collection: RxCollection<Doc>,
  user: string,
): Source<Doc> => ({
  async *pages() {
    let from: unknown;
    for (;;) {
      const page = await getChangedDocumentsSince(collection.storageInstance, PAGE, from);
      yield page.documents
        .filter((doc) => !doc._deleted)
        .map((doc) => ({ id: doc.id, doc, foreign: false }));
      if (page.documents.length < PAGE) return;
      from = page.checkpoint;
    }
  },
  follow(listener) {
    const subscription = collection.eventBulks$.subscribe(({ events, context }) => {
      const arrived = context.startsWith('replication-downstream') && events.length <= AT_WORK;
      const changes = events.map(
        ({ operation, documentData: doc, documentId: id }): Change<Doc> => ({
          id,
          doc: operation === 'DELETE' ? undefined : doc,
          foreign: arrived && doc.updatedBy !== user,
        }),
      );
      listener(changes);
    });
    return () => subscription.unsubscribe();
  },
});
