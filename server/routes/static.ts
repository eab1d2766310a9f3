// The built dashboard: public, because it holds no data.

import { join, sep } from 'node:path';
import { constants } from 'node:zlib';
import compression from 'compression';
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
      workerSrc: ["'self'"],
      manifestSrc: ["'self'"],
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

/** Quality 5 is smaller than gzip and takes 60 ms for all files together, once in a browser's life. */
const compressed = compression({
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
});

/** @param directory Where `vite build` has put the client. */
export function staticRoutes(directory: string): Router {
  const router = Router();
  // Vite puts a hash of the content into the names of what lies in `assets`.
  const hashed = join(directory, 'assets') + sep;
  const files = express.static(directory, {
    index: false,
    redirect: false,
    // A part of a compressed file is of no use to anybody.
    acceptRanges: false,
    setHeaders: (response, path) => {
      const forEver = path.startsWith(hashed);
      response.setHeader(
        'Cache-Control',
        forEver ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
      );
    },
  });

  router.use(pageHeaders, tlsHeaders, compressed, files);
  // Every address of the dashboard is the same page; it looks at the address itself. A file that is
  // missing must not become a page, or a browser would take it for a script.
  router.get('/{*path}', (request, response, next) => {
    if (!isNavigation(request.path, request.headers.accept)) {
      next();
      return;
    }
    request.url = '/index.html';
    files(request, response, next);
  });
  return router;
}

const isNavigation = (path: string, accept = ''): boolean =>
  path === '/' || (accept.includes('text/html') && !path.startsWith('/assets/'));
