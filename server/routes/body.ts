// Bodies of document routes, read as text: the size counts before anything is parsed.

import express, { type Request } from 'express';
import { MAX_BODY_BYTES } from '../../replication/core.ts';
import { HttpProblem } from '../errors.ts';

export const jsonText = express.text({ type: 'application/json', limit: MAX_BODY_BYTES });

export function parseBody(request: Request): unknown {
  if (typeof request.body !== 'string') throw new HttpProblem('not_json');
  try {
    return JSON.parse(request.body);
  } catch {
    throw new HttpProblem('bad_json');
  }
}
