// Sessions of devices. Where two begin behind the same one, somebody has copied a local database.

import { Router } from 'express';
import { deviceRequestSchema, isDeviceId, type DeviceRequest } from '../../replication/core.ts';
import { validatorFor } from '../../schemas/validate.ts';
import { readerOf } from '../auth/middleware.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';
import { jsonText, parseBody } from './body.ts';

const KIND = 'device-session';
const validate = validatorFor(deviceRequestSchema, 'The request');

export function deviceRoutes({ store, now: nowMs }: Core): Router {
  const router = Router();
  router.post('/api/sync/device', jsonText, async (request, response) => {
    const { workspace, user } = readerOf(request);
    const { device, was, now } = readRequest(parseBody(request));
    const id = `${workspace}/${user}/${device}/${was}`;
    const isFirst = await store.writeRecords([
      { kind: KIND, id, value: now, onlyIf: { was: undefined } },
    ]);
    const copied = !isFirst && (await store.record(KIND, id)) !== now;
    response.json({ copied, now: nowMs() });
  });
  return router;
}

function readRequest(body: unknown): DeviceRequest {
  const malformed = validate(body);
  if (malformed !== undefined) throw new HttpProblem('bad_request', { detail: malformed });
  const request = body as DeviceRequest;
  const isText = [request.was, request.now].every((name) => /^[0-9a-f]*$/.test(name));
  if (!isDeviceId(request.device) || !isText)
    throw new HttpProblem('bad_request', {
      detail: '"device", "was" and "now" are lower-case hexadecimal digits.',
    });
  return request;
}
