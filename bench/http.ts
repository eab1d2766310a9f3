// A lean HTTP client for load: keep-alive sockets, bodies as buffers, nothing parsed that need not.

import http from 'node:http';

export interface Client {
  readonly post: (path: string, body: string) => Promise<Buffer>;
  readonly get: (path: string) => Promise<Buffer>;
  readonly stream: (path: string, onData: (chunk: Buffer) => void) => Promise<() => void>;
  readonly close: () => void;
}

export function connect(url: string, key: string, sockets: number): Client {
  const agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const send = (method: string, path: string, body?: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const request = http.request(`${url}${path}`, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks);
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${answer.toString()}`));
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  return {
    post: (path, body) => send('POST', path, body),
    get: (path) => send('GET', path),
    stream: (path, onData) =>
      new Promise((resolve, reject) => {
        const request = http.request(`${url}${path}`, { headers }, (response) => {
          response.on('data', onData);
          resolve(() => {
            request.destroy();
          });
        });
        request.on('error', reject);
        request.end();
      }),
    close: () => {
      agent.destroy();
    },
  };
}
