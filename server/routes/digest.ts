// What a member may see, as a digest for each collection, and as ids and revs where one differs.

import { Router } from 'express';
import {
  Digest,
  digestRequestSchema,
  MAX_PAGE,
  seq,
  type CollectionDigest,
  type DigestRequest,
  type DigestResponse,
  type Seq,
  type WireDocument,
} from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import { readerOf } from '../auth/middleware.ts';
import { projectPage } from '../auth/project.ts';
import type { Reader } from '../auth/reader.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';
import type { Page, Store } from '../store/port/port.ts';
import { jsonText, parseBody } from './body.ts';
import { readable } from './reading.ts';

const validate = validatorFor(digestRequestSchema, 'The request');

export function digestRoutes(core: Core): Router {
  const router = Router();
  router.post('/api/sync/digest', jsonText, async (request, response) => {
    const reader = readerOf(request);
    const body = parseBody(request);
    const malformed = validate(body);
    if (malformed !== undefined) throw new HttpProblem('bad_request', { detail: malformed });
    const { collections, after } = body as DigestRequest;
    const { seq: upTo } = await core.store.head(reader.workspace);
    const answers: Record<string, CollectionDigest> = {};
    for (const [name, { except }] of Object.entries(collections)) {
      const collection = readable(core.collections, reader, name);
      const asked = { store: core.store, reader, collection, upTo, except: new Set(except) };
      answers[name] =
        after === undefined ? await digestOf(asked) : await versionsOf(asked, seq(after));
    }
    // What was written meanwhile is missing from later pages: then all of it is read again.
    if ((await core.store.head(reader.workspace)).seq !== upTo)
      throw new HttpProblem('unavailable', { retryAfterSeconds: 1 });
    const answer: DigestResponse = { collections: answers, upTo, now: core.now() };
    response.json(answer);
  });
  return router;
}

interface Asked {
  readonly store: Store;
  readonly reader: Reader;
  readonly collection: Collection;
  readonly upTo: Seq;
  readonly except: ReadonlySet<string>;
}

async function digestOf(asked: Asked): Promise<CollectionDigest> {
  const digest = new Digest();
  let after: Seq | undefined = seq(0);
  while (after !== undefined) {
    const { versions, next } = await pageOf(asked, after);
    for (const [id, rev] of versions) digest.add(id, rev);
    after = next;
  }
  return { count: digest.count, digest: digest.text };
}

async function versionsOf(asked: Asked, after: Seq): Promise<CollectionDigest> {
  const { versions, next } = await pageOf(asked, after);
  return { count: versions.length, digest: '', versions, ...(next === undefined ? {} : { next }) };
}

/** The live documents of one page. */
async function pageOf(
  { store, reader, collection, upTo, except }: Asked,
  after: Seq,
): Promise<{ readonly versions: readonly (readonly [string, number])[]; readonly next?: Seq }> {
  const { primaryKey, name } = collection;
  const { scopeKeys, workspace } = reader;
  const { pages } = await store.pages(workspace, () => [
    { collection: name, primaryKey, scopeKeys, after, upTo, limit: MAX_PAGE },
  ]);
  const [page] = pages;
  if (page === undefined) return { versions: [] };
  const versions = documentsIn(page, reader, collection)
    .filter(({ _deleted }) => _deleted !== true)
    .map((document) => [String(document[primaryKey]), document.rev ?? 0] as const)
    .filter(([id]) => !except.has(id));
  return page.more ? { versions, next: page.reached } : { versions };
}

const documentsIn = (
  { documents }: Page,
  reader: Reader,
  collection: Collection,
): readonly WireDocument[] =>
  JSON.parse(
    `[${new TextDecoder().decode(projectPage(reader, collection, documents))}]`,
  ) as WireDocument[];
