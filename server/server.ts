// The HTTP server around the app: how it starts, and how it stops without losing what is in flight.

import { once } from 'node:events';
import {
  createServer as createHttpServer,
  IncomingMessage,
  ServerResponse,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Express } from 'express';
import { createApp, type AppOptions } from './app.ts';
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  KEEP_ALIVE_MS,
  REQUEST_TIMEOUT_MS,
  RIGHTS_LOOK_MS,
  SESSION_SWEEP_MS,
} from './config.ts';
import { drainable } from './ops/drain.ts';
import { bringUpToDate } from './ops/schema-change.ts';
import { createCore, type Core, type CoreOptions } from './core.ts';

export type ServerOptions = CoreOptions &
  AppOptions & {
    /** Certificate and key in PEM; with them the server speaks HTTPS. */
    readonly tls?: { readonly cert: string; readonly key: string };
  };

export interface HoldfastServer {
  /** Resolves with the server's address once it answers. Port 0 takes a free one. */
  readonly listen: (at?: { readonly port?: number; readonly host?: string }) => Promise<string>;
  /** Ends streams, lets requests in flight finish, closes the store. */
  readonly close: () => Promise<void>;
  /** @throws {Error} before `listen`. */
  readonly url: string;
  readonly core: Core;
}

/** A Holdfast server for any collections. It owns the store that it is given and closes it. */
export function createServer(options: ServerOptions): HoldfastServer {
  const core = createCore(options);
  const http = createHttp(createApp(core, options), options.tls);
  const drain = drainable(http);
  let url: string | undefined;
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    core.stop();
    await drain();
    await core.close();
  };
  return {
    core,
    get url() {
      if (url === undefined) throw new Error('The server does not listen yet.');
      return url;
    },
    listen: async ({ port = DEFAULT_PORT, host = DEFAULT_HOST } = {}) => {
      await bringUpToDate(core);
      url = await listening(http, options.tls === undefined ? 'http' : 'https', { port, host });
      const { accounts } = core;
      keepDoing(core, SESSION_SWEEP_MS, () => accounts.sweep(), 'the past could not be removed');
      keepDoing(
        core,
        RIGHTS_LOOK_MS,
        () => accounts.lookForChanges(),
        'rights could not be looked at',
      );
      core.onStop(core.retention.start());
      return url;
    },
    close: () => (closed ??= close()),
  };
}

/**
 * Express gives each request and response a new prototype, which costs more than all else it does;
 * here they are born with the right one.
 */
function createHttp(app: Express, tls: ServerOptions['tls']): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  const settings = {
    IncomingMessage: AppRequest,
    ServerResponse: AppResponse,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  };
  return tls === undefined
    ? createHttpServer(settings, app)
    : createHttpsServer({ ...settings, ...tls }, app);
}

async function listening(
  http: Server,
  scheme: 'http' | 'https',
  { port, host }: { readonly port: number; readonly host: string },
): Promise<string> {
  http.listen(port, host);
  await once(http, 'listening');
  const address = http.address();
  const actual = address !== null && typeof address === 'object' ? address.port : port;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

/** Works now and then again and again, one run at a time, until the server stops. */
function keepDoing(
  core: Core,
  everyMs: number,
  work: () => Promise<void>,
  onFailure: string,
): void {
  let underWay: Promise<void> | undefined;
  const run = (): void => {
    underWay ??= work()
      .catch((error: unknown) => {
        core.logger.warn({ err: error }, onFailure);
      })
      .finally(() => {
        underWay = undefined;
      });
  };
  const timer = setInterval(run, everyMs);
  timer.unref();
  core.onStop(async () => {
    clearInterval(timer);
    await underWay;
  });
  run();
}
