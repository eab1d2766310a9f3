// The answer to a pull: pages of all asked collections at one snapshot, put together from stored
// texts without parsing them.

import { seq, type PullRequest, type Seq } from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import { projectPage, type Viewer } from '../auth/project.ts';
import type { Page, PageRequest, Store } from '../store/port/port.ts';
import type { WorkspaceId } from '../../replication/core.ts';
import { decodeCheckpoint, encodeCheckpoint, scopeVersion } from './checkpoint.ts';

export interface PullContext {
  readonly store: Store;
  readonly workspace: WorkspaceId;
  readonly viewer: Viewer;
  readonly nowMs: number;
}

const encode = (text: string): Uint8Array => Buffer.from(text);

const leftOf = ({ more, left }: Page): string =>
  more && left !== undefined ? `,"left":${left}` : '';

/**
 * The body of the answer, in pieces, and how many documents it holds.
 *
 * @throws {ResyncRequired} where a checkpoint can't be continued.
 */
export async function answerPull(
  asked: readonly { readonly collection: Collection; readonly checkpoint: string | null }[],
  { upTo, limit }: { readonly upTo?: PullRequest['upTo']; readonly limit: number },
  { store, workspace, viewer, nowMs }: PullContext,
): Promise<{ readonly body: readonly Uint8Array[]; readonly documents: number }> {
  const scope = scopeVersion(viewer);
  let reachable: Seq = seq(0);
  const { head, pages } = await store.pages(workspace, (now) => {
    reachable = upTo === undefined || upTo > now.seq ? now.seq : seq(upTo);
    return asked.map(({ collection, checkpoint }): PageRequest => {
      const after = checkpoint === null ? seq(0) : decodeCheckpoint(checkpoint, now, scope);
      return {
        collection: collection.name,
        primaryKey: collection.primaryKey,
        scopeKeys: viewer.scopeKeys,
        after,
        upTo: after > reachable ? after : reachable,
        limit,
        // The round's first page says how many documents it will be; the others need not.
        counts: upTo === undefined,
      };
    });
  });

  const body: Uint8Array[] = [encode('{"collections":{')];
  let documents = 0;
  pages.forEach((page, index) => {
    const collection = asked[index]?.collection;
    if (collection === undefined) return;
    const checkpoint = encodeCheckpoint(head, page.reached, scope);
    documents += page.count;
    body.push(
      encode(`${index === 0 ? '' : ','}${JSON.stringify(collection.name)}:{"documents":[`),
      projectPage(viewer, collection, page.documents),
      encode(`],"checkpoint":"${checkpoint}","more":${page.more}${leftOf(page)}}`),
    );
  });
  body.push(encode(`},"epoch":"${head.epoch}","upTo":${reachable},"now":${nowMs}}`));
  return { body, documents };
}
