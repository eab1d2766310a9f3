// How an HTTP server stops: nothing new, and what is in flight is answered.

import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { SHUTDOWN_MS } from '../config.ts';

/**
 * Counts the requests in flight on each connection, from now on. The returned call takes no new
 * connections and waits for those requests, but not for ever. Connections on which nothing was
 * asked yet end at once: Node's `closeIdleConnections` leaves them, and browsers open some ahead.
 */
export function drainable(http: Server): () => Promise<void> {
  const inFlight = new Map<Socket, number>();
  let isDraining = false;
  const change = (socket: Socket, by: 1 | -1): void => {
    const count = (inFlight.get(socket) ?? 0) + by;
    inFlight.set(socket, count);
    if (isDraining && count === 0) socket.destroySoon();
  };
  // Over TLS a request comes on the secure socket, not on the one below it.
  http.on(http instanceof HttpsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    inFlight.set(socket, 0);
    socket.once('close', () => inFlight.delete(socket));
  });
  http.on('request', ({ socket }: { socket: Socket }, response: ServerResponse) => {
    change(socket, 1);
    response.once('close', () => {
      change(socket, -1);
    });
  });
  return async () => {
    if (!http.listening) return;
    const ended = once(http, 'close');
    http.close();
    isDraining = true;
    for (const [socket, count] of inFlight) if (count === 0) socket.destroySoon();
    const limit = setTimeout(() => {
      http.closeAllConnections();
    }, SHUTDOWN_MS);
    await ended;
    clearTimeout(limit);
  };
}
