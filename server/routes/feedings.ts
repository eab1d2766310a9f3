// /api/feedings: the care log for other programs, in records without anything that sync needs. What
// is written here is judged like every other change. docs/care-api.md has it with examples.

import { Router, type Request, type Response } from 'express';
import type { WireDocument } from '../../replication/core.ts';
import type { Judged } from '../accept/accept.ts';
import { readChange, readPlain } from '../accept/read-rows.ts';
import { requireJson } from '../auth/cookie.ts';
import { readerOf } from '../auth/middleware.ts';
import type { Reader } from '../auth/reader.ts';
import { backfill, undoBackfill } from '../care/backfill.ts';
import { listFeedings } from '../care/list.ts';
import { feedings, readChanged, readNew, readSeen, recordOf } from '../care/record.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';
import { jsonText, parseBody } from './body.ts';
import { readable, sendPage } from './reading.ts';

/** Nothing where the server has no care log, or another one under its name. */
export function feedingRoutes(core: Core): Router {
  const router = Router();
  if (core.collections.get(feedings.name) !== feedings) return router;

  router.get('/api/feedings', async (request, response) => {
    const list = await listFeedings(core.store, caretaker(core, request), request.query);
    core.metrics.pulledDocuments.inc(list.records.length);
    await sendPage(request, response, Buffer.from(JSON.stringify(list)));
  });

  router.post('/api/feedings', jsonText, async (request, response) => {
    const reader = caretaker(core, request);
    const row = readPlain(reader, feedings, readNew(parseBody(request)));
    answer(response, await judged(core, reader, row), 201);
  });

  router.put('/api/feedings/:client_id', jsonText, async (request, response) => {
    const reader = caretaker(core, request);
    const { doc, seenAt } = readChanged(parseBody(request), idOf(request));
    answer(response, await judged(core, reader, readChange(reader, feedings, doc, seenAt)));
  });

  router.delete('/api/feedings/:client_id', jsonText, async (request, response) => {
    const reader = caretaker(core, request);
    const doc = { [feedings.primaryKey]: idOf(request), _deleted: true };
    const row = readChange(reader, feedings, doc, readSeen(seenOf(request)));
    answer(response, await judged(core, reader, row));
  });

  router.post('/api/feedings/backfill-client-ids', jsonText, async (request, response) => {
    response.json(await backfill(core, caretaker(core, request), parseBody(request)));
  });

  router.post('/api/feedings/backfill-client-ids/:run/undo', async (request, response) => {
    const { run } = request.params;
    response.json(await undoBackfill(core, caretaker(core, request), run));
  });

  return router;
}

/** Who asks, if that is somebody who may look at the care log. */
function caretaker(core: Core, request: Request): Reader {
  const reader = readerOf(request);
  readable(core.collections, reader, feedings.name);
  return reader;
}

const idOf = (request: Request): string => String(request.params['client_id']);

/** What a delete says of the version that was seen: in its body, or in its address. */
function seenOf(request: Request): unknown {
  requireJson(request);
  return typeof request.body === 'string' && request.body !== ''
    ? parseBody(request)
    : request.query;
}

async function judged(
  core: Core,
  reader: Reader,
  row: ReturnType<typeof readPlain>,
): Promise<Judged> {
  const { results } = await core.accept.plain(reader, [row]);
  core.metrics.pushed(results);
  const [one] = results;
  if (one === undefined) throw new HttpProblem('internal');
  return one;
}

function answer(response: Response, one: Judged, whenWritten = 200): void {
  const record =
    one.current === undefined ? undefined : recordOf(JSON.parse(one.current) as WireDocument);
  switch (one.verdict) {
    case 'accepted':
    case 'merged':
      response.status(one.entry?.written === true ? whenWritten : 200);
      response.json({ success: true, record });
      return;
    case 'conflict':
    case 'superseded':
      response.status(409).json({ success: false, conflict: true, server_record: record });
      return;
    case 'rejected':
      throw problemOf(one);
  }
}

function problemOf({ code, message = '' }: Judged): HttpProblem {
  const detail = { detail: message };
  if (code === 'forbidden' || code === 'read_only') return new HttpProblem('forbidden', detail);
  if (code === 'not_there') return new HttpProblem('not_found', detail);
  return new HttpProblem('invalid', detail);
}
