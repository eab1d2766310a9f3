// Endpoints for stock RxDB clients: the shapes of RxDB's HTTP replication page and of rxdb-server,
// the same core underneath. Errors are plain text, because such clients stop pulling for good on a
// JSON body that is not the answer they expect.

import { Router, type Request, type Response } from 'express';
import {
  DEFAULT_PAGE,
  isClock,
  MAX_PAGE,
  type Seq,
  type WireDocument,
} from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import { sameContent } from '../accept/decide-plain.ts';
import { readPlain } from '../accept/read-rows.ts';
import { readStockRows, stampedPush } from '../accept/stock-rows.ts';
import { readerOf } from '../auth/middleware.ts';
import { projectPage } from '../auth/project.ts';
import type { Reader } from '../auth/reader.ts';
import { HttpProblem } from '../errors.ts';
import type { Head } from '../store/port/port.ts';
import { scopeVersion } from '../feed/checkpoint.ts';
import {
  stockCheckpoint,
  stockDocuments,
  stockFraming,
  stockPosition,
  stockDocument,
} from '../feed/stock-framing.ts';
import type { Core } from '../core.ts';
import { jsonText, parseBody } from './body.ts';
import { openStream, readable, sendPage } from './reading.ts';

export function stockRoutes(core: Core): Router {
  const router = Router();
  router.get('/rxdb/:collection/:version/pull', async (request, response) => {
    await pull(core, request, response);
  });
  router.post('/rxdb/:collection/:version/push', jsonText, async (request, response) => {
    await push(core, request, response);
  });
  router.get('/rxdb/:collection/:version/pullStream', async (request, response) => {
    const { reader, collection, withClocks } = asked(core, request);
    const head = await core.store.head(reader.workspace);
    const from = request.get('Last-Event-ID');
    // Without a place to go on from, a stream begins now: the client has pulled before or will.
    const position = from === undefined ? head.seq : stockPosition(from, head, reader);
    const framing = withClocks ? stockFraming.clocks : stockFraming.plain;
    openStream(core, {
      request,
      response,
      reader,
      collections: [collection],
      position,
      floor: head.floor,
      framing,
    });
  });
  return router;
}

interface Asked {
  readonly reader: Reader;
  readonly collection: Collection;
  readonly withClocks: boolean;
}

function asked(core: Core, request: Request): Asked {
  const reader = readerOf(request);
  const { collection: name, version } = request.params;
  const collection = readable(core.collections, reader, String(name));
  if (String(version) !== String(collection.version))
    throw new HttpProblem('outdated', {
      detail: `"${collection.name}" has schema version ${collection.version} here.`,
    });
  return { reader, collection, withClocks: request.query['clocks'] !== undefined };
}

async function pull(core: Core, request: Request, response: Response): Promise<void> {
  const { reader, collection, withClocks } = asked(core, request);
  const size = Number(request.query['limit'] ?? request.query['batchSize'] ?? DEFAULT_PAGE);
  const limit = Number.isSafeInteger(size) && size > 0 ? Math.min(size, MAX_PAGE) : DEFAULT_PAGE;
  const { head, joined, reached, count } = await readFull(core, reader, collection, {
    id: request.query['id'],
    limit,
  });
  core.metrics.pulledDocuments.inc(count);
  const page = {
    documents: stockDocuments(joined, withClocks),
    checkpoint: stockCheckpoint(head, reached, scopeVersion(reader)),
  };
  await sendPage(request, response, Buffer.from(JSON.stringify(page)));
}

/** Pages until there are `limit` documents or no more: stock clients take a shorter page for the end. */
async function readFull(
  { store }: Core,
  reader: Reader,
  collection: Collection,
  { id, limit }: { readonly id: unknown; readonly limit: number },
): Promise<{ head: Head; joined: string; reached: Seq; count: number }> {
  const texts: string[] = [];
  let count = 0;
  let from: Seq | undefined;
  for (;;) {
    const { head, pages } = await store.pages(reader.workspace, (now) => [
      {
        collection: collection.name,
        primaryKey: collection.primaryKey,
        scopeKeys: reader.scopeKeys,
        after: from ?? stockPosition(id, now, reader),
        upTo: now.seq,
        limit: limit - count,
      },
    ]);
    const [page] = pages;
    if (page === undefined) throw new HttpProblem('internal');
    count += page.count;
    if (page.count > 0)
      texts.push(Buffer.from(projectPage(reader, collection, page.documents)).toString());
    if (!page.more || count >= limit)
      return { head, joined: texts.join(','), reached: page.reached, count };
    from = page.reached;
  }
}

/** Answers with the conflicts: the server's state of each row that does not stand as it was sent. */
async function push(core: Core, request: Request, response: Response): Promise<void> {
  const { reader, collection, withClocks } = asked(core, request);
  const rows = readStockRows(parseBody(request), collection);
  const clocked = withClocks && rows.every(({ newDocumentState }) => isClock(newDocumentState.clk));
  const { results } = clocked
    ? await core.accept.push(reader, stampedPush(collection, rows))
    : await core.accept.plain(
        reader,
        rows.map(({ newDocumentState, assumedMasterState }) =>
          readPlain(reader, collection, newDocumentState, assumedMasterState),
        ),
      );
  core.metrics.pushed(results);
  // By id: the last of several rows for one document tells how it stands.
  const conflicts = new Map<unknown, Readonly<Record<string, unknown>>>();
  rows.forEach(({ newDocumentState }, index) => {
    const { current, asSent } = results[index] ?? {};
    const id = newDocumentState[collection.primaryKey];
    conflicts.delete(id);
    const stored: WireDocument =
      current === undefined
        ? refusedInsert(newDocumentState)
        : (JSON.parse(current) as WireDocument);
    if (asSent === true || sameContent(collection, stored, newDocumentState)) return;
    conflicts.set(id, withClocks ? stored : stockDocument(stored));
  });
  response.json([...conflicts.values()]);
}

/** A document that was refused and that the server does not have goes away where it was made. */
const refusedInsert = (doc: WireDocument): WireDocument => ({ ...doc, _deleted: true });
