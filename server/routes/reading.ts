// What all ways of reading share: a collection that may be read, a page that is sent, a stream that
// may be opened.

import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { seq, type Seq } from '../../replication/core.ts';
import type { Collection } from '../../schemas/index.ts';
import { mayRead } from '../auth/project.ts';
import type { Reader } from '../auth/reader.ts';
import { HttpProblem } from '../errors.ts';
import type { Framing } from '../feed/reader.ts';
import type { Core } from '../core.ts';

const COMPRESSED_FROM_BYTES = 2_048;
const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** A collection that the reader may read, by the name that the request gave. */
export function readable(
  collections: ReadonlyMap<string, Collection>,
  reader: Reader,
  name: string,
): Collection {
  const collection = collections.get(name);
  if (collection === undefined || !mayRead(reader, collection))
    throw new HttpProblem('not_found', {
      detail: `There is no collection "${name.slice(0, 64)}".`,
    });
  return collection;
}

/**
 * Sends JSON, compressed where the client asks for that. The fastest levels: they take a document's
 * JSON to an eighth, and the strongest would be slower than most networks.
 */
export async function sendPage(request: Request, response: Response, json: Buffer): Promise<void> {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Vary', 'Accept-Encoding');
  if (json.length < COMPRESSED_FROM_BYTES) response.end(json);
  else if (request.acceptsEncodings('br') !== false) {
    response.setHeader('Content-Encoding', 'br');
    response.end(await brotli(json, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }));
  } else if (request.acceptsEncodings('gzip') !== false) {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(await gzipped(json, { level: constants.Z_BEST_SPEED }));
  } else response.end(json);
}

export function openStream(
  core: Core,
  open: {
    readonly request: Request;
    readonly response: Response;
    readonly reader: Reader;
    readonly collections: readonly Collection[];
    readonly position: number;
    readonly floor: Seq;
    readonly framing: Framing;
  },
): void {
  const { request, response, reader, collections, framing } = open;
  if (!core.hub.hasRoomFor(reader.credential))
    throw new HttpProblem('throttled', {
      detail: 'Too many event streams are open. Close some, or try again later.',
      retryAfterSeconds: 30,
    });
  request.socket.setNoDelay(true);
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.write(': connected\n\n');
  core.hub.open({
    workspace: reader.workspace,
    viewer: reader,
    collections,
    framing,
    response,
    credential: reader.credential,
    position: seq(open.position),
    floor: open.floor,
    stillAllowed: () => core.accounts.recheck(reader),
  });
}
