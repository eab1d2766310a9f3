// The built dashboard: public, because it holds no data.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_SECONDS = 31_536_000;

/** The strictest policy that the dashboard works under; Mantine sets styles on elements. */
const pageHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // Only where the request came over TLS: see `tlsHeaders`.
  strictTransportSecurity: false,
});

const tlsHeaders: RequestHandler = (request, response, next) => {
  if (request.secure) response.setHeader('Strict-Transport-Security', `max-age=${YEAR_SECONDS}`);
  next();
};

/** @param directory Where `vite build` has put the client. */
export function staticRoutes(directory: string): Router {
  const router = Router();
  const index = join(directory, 'index.html');

  router.use(pageHeaders, tlsHeaders);
  // Vite puts a hash of the content into the names of what lies in `assets`.
  router.use(
    '/assets',
    express.static(join(directory, 'assets'), {
      index: false,
      redirect: false,
      setHeaders: (response) => {
        response.setHeader('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`);
      },
    }),
  );
  router.use(
    express.static(directory, {
      index: false,
      redirect: false,
      setHeaders: (response) => {
        response.setHeader('Cache-Control', 'no-cache');
      },
    }),
  );
  // Every address of the dashboard is the same page; it looks at the address itself. A file that is
  // missing must not become a page, or a browser would take it for a script.
  router.get('/{*path}', (request, response, next) => {
    if (!isNavigation(request.path, request.headers.accept) || !existsSync(index)) {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    // By a root: a folder above whose name begins with a dot is nobody's secret.
    response.sendFile('index.html', { root: directory, cacheControl: false });
  });
  return router;
}

const isNavigation = (path: string, accept = ''): boolean =>
  path === '/' || (accept.includes('text/html') && !path.startsWith('/assets/'));
