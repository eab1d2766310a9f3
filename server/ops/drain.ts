// How an HTTP server stops: nothing new, and what is in flight is answered.

import { once } from 'node:events';
import type { Server } from 'node:http';
import { SHUTDOWN_MS } from '../config.ts';

/** Takes no new connections and waits for what is in flight, but not for ever. */
export async function drained(http: Server): Promise<void> {
  if (!http.listening) return;
  const ended = once(http, 'close');
  http.close();
  // A connection that was busy at first stays open when its answer is out.
  const idle = setInterval(() => {
    http.closeIdleConnections();
  }, 50);
  const limit = setTimeout(() => {
    http.closeAllConnections();
  }, SHUTDOWN_MS);
  await ended;
  clearInterval(idle);
  clearTimeout(limit);
}
