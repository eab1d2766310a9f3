// One line and one measurement per request. Addresses are logged as their route's pattern, so that
// neither ids nor queries get into logs.

import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Core } from '../core.ts';

const GIVEN_ID = /^[\w-]{1,64}$/;

/** Unique per process and request; cheaper than a random id for each. */
function requestIds(): (given: string | undefined) => string {
  const start = randomBytes(4).toString('hex');
  let count = 0;
  return (given) => {
    if (given !== undefined && GIVEN_ID.test(given)) return given;
    count += 1;
    return `${start}-${count.toString(36)}`;
  };
}

/** The pattern of the route that answered. There are as many as routes, whatever is asked for. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path: unknown =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'none';
}

/** Asked every few seconds by whatever watches the server. */
const isProbe = (route: string): boolean => route === '/healthz' || route === '/readyz';

export function logRequests({ logger, metrics }: Core): RequestHandler {
  const idOf = requestIds();
  return (request, response, next) => {
    const startedMs = performance.now();
    request.id = idOf(request.get('x-request-id'));
    response.setHeader('X-Request-Id', request.id);
    response.once('close', () => {
      const durationMs = performance.now() - startedMs;
      const route = routeOf(request);
      const { method } = request;
      const status = response.statusCode;
      metrics.requestSeconds.observe({ method, route, status }, durationMs / 1_000);
      const line = {
        request: request.id,
        method,
        route,
        status,
        durationMs: Math.round(durationMs * 10) / 10,
        ...(request.reader === undefined ? {} : { user: request.reader.user }),
        ...(response.writableFinished ? {} : { cut: true }),
      };
      if (isProbe(route)) logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}
