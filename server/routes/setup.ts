// /api/setup: the first start. Public, and of use only to who has the code and only once.

import { json, Router, type Request } from 'express';
import {
  choice,
  flag,
  list,
  MODULES,
  object,
  text,
  type Module,
  type ValueOf,
} from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import { requireJson, requireSameOrigin, setSessionToken } from '../auth/cookie.ts';
import { AccountError } from '../auth/directory.ts';
import { PASSWORD_MAX_LENGTH } from '../config.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';
import { describeSession } from './session.ts';

const setUpSchema = object({
  code: text(200, 1),
  name: text(1_000, 1),
  email: text(254, 1),
  password: text(PASSWORD_MAX_LENGTH, 1),
  workspace: text(1_000, 1),
  modules: list(choice(MODULES), MODULES.length),
  /** Whether the page goes on to POST /api/sample. Nothing is loaded here. */
  sample: flag(),
});
type SetUp = ValueOf<typeof setUpSchema>;
const misfit = validatorFor(setUpSchema, 'The first start');

function setUpOf(request: Request): SetUp {
  const body: unknown = request.body;
  if (body === undefined) throw new HttpProblem('not_json');
  const reason = misfit(body);
  if (reason !== undefined) throw new HttpProblem('bad_request', { detail: reason });
  return body as SetUp;
}

/** Each once, in the order in which they are shown. */
const chosen = (modules: readonly Module[]): readonly Module[] => {
  if (modules.length === 0)
    throw new HttpProblem('bad_request', { detail: 'Choose at least one module.' });
  return MODULES.filter((module) => modules.includes(module));
};

export function setupRoutes(core: Core): Router {
  const router = Router();

  router.get('/api/setup', async (_request, response) => {
    response.json({ needed: !(await core.accounts.hasWorkspaces()) });
  });

  router.post('/api/setup', json({ limit: '16kb' }), async (request, response) => {
    requireSameOrigin(request);
    requireJson(request);
    const { code, name, email, password, workspace, modules } = setUpOf(request);
    const address = request.ip ?? '';
    const founding = { name, email, password, workspace, modules: chosen(modules) };
    const { token, reader } = await core.accounts
      .setUp({ ...founding, code, address })
      .catch((error: unknown) => {
        if (error instanceof AccountError)
          throw new HttpProblem('bad_request', { detail: error.message });
        throw error;
      });
    setSessionToken(request, response, token);
    response.status(201).json(await describeSession(core, reader));
  });

  return router;
}
