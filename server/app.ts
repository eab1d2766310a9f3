// All routes, in the order in which they are tried, between what is true of every request: it has
// an id, it is counted and logged, and it fails with a problem of server/errors.ts.

import express, { type Express, type RequestHandler } from 'express';
import { signedIn } from './auth/middleware.ts';
import { HttpProblem, problemHandler } from './errors.ts';
import type { Core } from './core.ts';
import { logRequests } from './ops/request-log.ts';
import type { Sample } from './ops/sample.ts';
import { deviceRoutes } from './routes/device.ts';
import { digestRoutes } from './routes/digest.ts';
import { feedingRoutes } from './routes/feedings.ts';
import { healthRoutes } from './routes/health.ts';
import { sampleRoutes } from './routes/sample.ts';
import { sessionRoutes } from './routes/session.ts';
import { setupRoutes } from './routes/setup.ts';
import { staticRoutes } from './routes/static.ts';
import { stockRoutes } from './routes/stock.ts';
import { syncRoutes } from './routes/sync.ts';

export interface AppOptions {
  /** The built client. Without it the server has no pages. */
  readonly clientDirectory?: string;
  /** Whose X-Forwarded headers count (Express' `trust proxy`). */
  readonly trustProxy?: string;
  /** What an owner may fill an empty workspace with. */
  readonly sample?: Sample;
}

const PRIVATE = ['/api', '/rxdb'];

/** Answers with data are for one reader and never a page. Pages get more (routes/static.ts). */
const dataHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  next();
};

const notFound: RequestHandler = () => {
  throw new HttpProblem('not_found');
};

export function createApp(core: Core, options: AppOptions = {}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy ?? 'loopback');

  app.use(logRequests(core), dataHeaders);
  app.use(healthRoutes(core), sessionRoutes(core), setupRoutes(core));
  // Also before what is not there: only those who may know what is are told.
  app.use(PRIVATE, signedIn(core));
  app.use(syncRoutes(core), deviceRoutes(core), digestRoutes(core));
  app.use(stockRoutes(core), feedingRoutes(core));
  if (options.sample !== undefined) app.use(sampleRoutes(core, options.sample));
  app.use(PRIVATE, notFound);
  if (options.clientDirectory !== undefined) app.use(staticRoutes(options.clientDirectory));
  app.use(notFound);
  app.use(problemHandler(core.logger));
  return app;
}
