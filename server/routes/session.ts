// /api/session: logging in and out, and who one is.

import { json, Router, type Request } from 'express';
import { object, optional, text, type ValueOf } from '../../schemas/index.ts';
import { validatorFor } from '../../schemas/validate.ts';
import {
  clearSessionToken,
  requireJson,
  requireSameOrigin,
  sessionToken,
  setSessionToken,
} from '../auth/cookie.ts';
import type { Reader } from '../auth/reader.ts';
import { readerOf, signedIn } from '../auth/middleware.ts';
import { PASSWORD_MAX_LENGTH } from '../config.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';

const logInSchema = object({
  email: text(254, 1),
  password: text(PASSWORD_MAX_LENGTH, 1),
  workspace: optional(text(100, 1)),
});
type LogIn = ValueOf<typeof logInSchema>;
const misfit = validatorFor(logInSchema, 'The log-in');

/** The body goes unread into the validator: it is `undefined` where it was not JSON. */
function logInOf(request: Request): LogIn {
  const body: unknown = request.body;
  if (body === undefined) throw new HttpProblem('not_json');
  const reason = misfit(body);
  if (reason !== undefined) throw new HttpProblem('bad_request', { detail: reason });
  return body as LogIn;
}

export const describeSession = async ({ accounts }: Core, reader: Reader) => ({
  user: { id: reader.user, name: reader.name, email: reader.email },
  workspace: { id: reader.workspace, name: reader.workspaceName },
  role: reader.role,
  modules: reader.modules,
  members: await accounts.members(reader.workspace),
});

export function sessionRoutes(core: Core): Router {
  const router = Router();

  router.post('/api/session', json({ limit: '16kb' }), async (request, response) => {
    requireSameOrigin(request);
    requireJson(request);
    const { email, password, workspace } = logInOf(request);
    const { token, reader } = await core.accounts.signIn({
      email,
      password,
      address: request.ip ?? '',
      ...(workspace === undefined ? {} : { workspace }),
    });
    setSessionToken(request, response, token);
    response.json(await describeSession(core, reader));
  });

  router.get('/api/session', signedIn(core), async (request, response) => {
    response.json(await describeSession(core, readerOf(request)));
  });

  router.delete('/api/session', async (request, response) => {
    requireSameOrigin(request);
    const token = sessionToken(request);
    if (token !== undefined) await core.accounts.signOut(token);
    clearSessionToken(request, response);
    response.status(204).end();
  });

  return router;
}
