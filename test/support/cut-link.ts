// A way to a server that breaks in the middle of a large message.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * Listens on a port of its own and passes all on to `port` of this machine, but resets each connection
 * that sends more than `bytes` at once, and passes nothing of that on.
 */
export async function cutAbove(
  bytes: number,
  port: number,
): Promise<{ readonly port: number; readonly cuts: () => number; readonly stop: () => void }> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const target = connect(port, '127.0.0.1');
    let sinceAnswer = 0;
    for (const socket of [client, target]) {
      sockets.add(socket);
      // The other side's end is all that an error here can mean.
      socket.on('error', () => undefined);
      socket.once('close', () => sockets.delete(socket));
    }
    client.once('close', () => target.destroy());
    target.once('close', () => client.destroy());
    target.on('data', (data: Buffer) => {
      sinceAnswer = 0;
      client.write(data);
    });
    client.on('data', (data: Buffer) => {
      sinceAnswer += data.length;
      if (sinceAnswer <= bytes) {
        target.write(data);
        return;
      }
      cuts += 1;
      client.pause();
      client.resetAndDestroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port to listen on.');
  return {
    port: address.port,
    cuts: () => cuts,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
