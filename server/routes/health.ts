// For whoever runs the server: does it live, can it work, what is it doing.

import { Router } from 'express';
import { readerOf, signedIn } from '../auth/middleware.ts';
import { READY_TIMEOUT_MS } from '../config.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';

async function answers(core: Core): Promise<boolean> {
  const timeout = AbortSignal.timeout(READY_TIMEOUT_MS);
  const late = new Promise<false>((resolve) => {
    timeout.addEventListener('abort', () => {
      resolve(false);
    });
  });
  const read = core.store.record('health', 'ready').then(
    () => true,
    (error: unknown) => {
      core.logger.error({ err: error }, 'the store does not answer');
      return false;
    },
  );
  return Promise.race([read, late]);
}

export function healthRoutes(core: Core): Router {
  const router = Router();

  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });

  router.get('/readyz', async (_request, response) => {
    if (core.closing.aborted || !(await answers(core)))
      throw new HttpProblem('unavailable', { retryAfterSeconds: 5 });
    response.type('text/plain').send('ready\n');
  });

  // Numbers about all workspaces of the server are no business of everybody in one of them.
  router.get('/metrics', signedIn(core), async (request, response) => {
    if (readerOf(request).role !== 'owner') throw new HttpProblem('forbidden');
    const { registry } = core.metrics;
    response.type(registry.contentType).send(await registry.metrics());
  });

  return router;
}
