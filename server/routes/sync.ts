// Holdfast's own checkpoint protocol: push, pull and the event stream. Authorisation comes before
// (server/auth); what is decided is decided in server/accept and server/feed.

import { Router, type Request, type Response } from 'express';
import {
  DEFAULT_PAGE,
  isDeviceId,
  MAX_PAGE,
  MAX_ROWS,
  pullRequestSchema,
  pushRequestSchema,
  type PullRequest,
  type PushRequest,
} from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import type { Judged, JudgedPush } from '../accept/accept.ts';
import { mayRead } from '../auth/project.ts';
import type { Reader } from '../auth/reader.ts';
import { readerOf } from '../auth/middleware.ts';
import { HttpProblem } from '../errors.ts';
import { decodeCheckpoint, ResyncRequired, scopeVersion } from '../feed/checkpoint.ts';
import { syncFraming } from '../feed/framing.ts';
import { answerPull } from '../feed/pull.ts';
import type { Core } from '../core.ts';
import { jsonText, parseBody } from './body.ts';
import { openStream, readable, sendPage } from './reading.ts';
import { refuseOtherVersions, sameProtocol, versionsAsked } from './same-versions.ts';

const validatePush = validatorFor(pushRequestSchema, 'The push');
const validatePull = validatorFor(pullRequestSchema, 'The pull');

export function syncRoutes(core: Core): Router {
  const router = Router();
  router.use('/api/sync', sameProtocol);
  router.post('/api/sync/push', jsonText, async (request, response) => {
    const body = readPush(parseBody(request));
    refuseOtherVersions(core, body.schema);
    const judged = await core.accept.push(readerOf(request), body);
    core.metrics.pushed(judged.results);
    sendJson(response, answerPush(body, judged, core.now()));
  });
  router.post('/api/sync/pull', jsonText, async (request, response) => {
    await pull(core, request, response);
  });
  router.get('/api/sync/stream', async (request, response) => {
    await stream(core, request, response);
  });
  return router;
}

function readPush(body: unknown): PushRequest {
  if (rowCount(body) > MAX_ROWS)
    throw new HttpProblem('too_large', {
      detail: `A push holds at most ${MAX_ROWS} rows. Split it and send the parts. Nothing was changed.`,
    });
  const malformed = validatePush(body);
  if (malformed !== undefined)
    throw new HttpProblem('bad_request', { detail: `${malformed} Nothing was changed.` });
  const request = body as PushRequest;
  if (!isDeviceId(request.device))
    throw new HttpProblem('bad_request', {
      detail:
        '"device" must be ten lower-case hexadecimal digits, not all zero. Nothing was changed.',
    });
  return request;
}

const rowCount = (body: unknown): number =>
  typeof body === 'object' && body !== null && 'rows' in body && Array.isArray(body.rows)
    ? body.rows.length
    : 0;

function answerPush(request: PushRequest, judged: JudgedPush, nowMs: number): string {
  const results = judged.results.map((one, index) => answerRow(request.rows[index]?.op, one));
  const commit = judged.commit === undefined ? '' : `"commit":${JSON.stringify(judged.commit)},`;
  return `{"results":[${results.join(',')}],${commit}"head":${judged.head},"epoch":${JSON.stringify(judged.epoch)},"now":${nowMs}}`;
}

function answerRow(op: unknown, one: Judged): string {
  const { verdict, duplicate, code, message } = one;
  const name = typeof op === 'string' ? op.slice(0, 64) : '';
  const head = JSON.stringify({ op: name, verdict, duplicate, code, message });
  return one.asSent || one.current === undefined
    ? head
    : `${head.slice(0, -1)},"doc":${one.current}}`;
}

function sendJson(response: Response, text: string): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(text);
}

async function pull(core: Core, request: Request, response: Response): Promise<void> {
  const reader = readerOf(request);
  const body = parseBody(request);
  const malformed = validatePull(body);
  if (malformed !== undefined) throw new HttpProblem('bad_request', { detail: malformed });
  const { collections, schema, upTo, limit } = body as PullRequest;
  refuseOtherVersions(core, schema ?? {});
  const asked = Object.entries(collections).map(([name, checkpoint]) => ({
    collection: readable(core.collections, reader, name),
    checkpoint,
  }));
  const { body: pieces, documents } = await orResync(() =>
    answerPull(
      asked,
      { ...(upTo === undefined ? {} : { upTo }), limit: Math.min(limit ?? DEFAULT_PAGE, MAX_PAGE) },
      {
        store: core.store,
        workspace: reader.workspace,
        viewer: reader,
        nowMs: core.now(),
      },
    ),
  );
  core.metrics.pulledDocuments.inc(documents);
  await sendPage(request, response, Buffer.concat(pieces));
}

/** 410 where a checkpoint can't be continued. */
async function orResync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ResyncRequired)) throw error;
    throw new HttpProblem('resync_required', { reason: error.reason, ...error.history });
  }
}

/** The named ones; without names all that the reader may read. */
function askedCollections(
  { collections }: Core,
  reader: Reader,
  names: unknown,
): readonly Collection[] {
  if (typeof names !== 'string' || names === '')
    return [...collections.values()].filter((collection) => mayRead(reader, collection));
  return [...new Set(names.split(','))].map((name) => readable(collections, reader, name));
}

async function stream(core: Core, request: Request, response: Response): Promise<void> {
  const reader = readerOf(request);
  refuseOtherVersions(core, versionsAsked(request.query['schema']));
  const collections = askedCollections(core, reader, request.query['collections']);
  const head = await core.store.head(reader.workspace);
  const from = request.get('Last-Event-ID') ?? request.query['from'];
  const position = await orResync(async () =>
    from === undefined ? head.seq : decodeCheckpoint(from, head, scopeVersion(reader)),
  );
  const { floor } = head;
  const framing = syncFraming;
  openStream(core, { request, response, reader, collections, position, floor, framing });
}
