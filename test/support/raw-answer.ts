// An answer as it comes over the wire: `fetch` opens what is compressed, and asks past caches.

import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A GET, or a POST where there is a `body`. */
export async function rawAnswer(
  url: string,
  headers: OutgoingHttpHeaders,
  body?: object,
): Promise<RawAnswer> {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const asked = request(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...type, ...headers },
  });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

/** The text of an answer, however it travelled. */
export function openedText({ headers, body }: RawAnswer): string {
  switch (headers['content-encoding']) {
    case 'br':
      return brotliDecompressSync(body).toString();
    case 'gzip':
      return gunzipSync(body).toString();
    default:
      return body.toString();
  }
}
