// /api/sample: sample data for an empty workspace. Behind `signedIn`.

import { Router } from 'express';
import { readerOf } from '../auth/middleware.ts';
import type { Core } from '../core.ts';
import { loadSampleStep, type Sample } from '../ops/sample.ts';

export function sampleRoutes(core: Core, sample: Sample): Router {
  const router = Router();
  // Called until `done` is `total`.
  router.post('/api/sample', async (request, response) => {
    response.json(await loadSampleStep(core, sample, readerOf(request)));
  });
  return router;
}
