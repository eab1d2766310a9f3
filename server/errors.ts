// Every way in which a whole request can fail, and how that is put to the one who asked. Refused
// rows are no errors: they are verdicts, made in server/accept.

import type { ErrorRequestHandler, Request } from 'express';
import type { Problem, ResyncReason } from '../replication/core.ts';
import type { Log } from './ops/log.ts';
import { StoreFailedError, StoreLimitError } from './store/port/port.ts';

interface Kind {
  readonly status: number;
  readonly title: string;
  /** What happened and what to do. */
  readonly detail: string;
}

/** By code. Codes are promises to clients; the sentences may be made better. */
export const PROBLEMS = {
  bad_json: {
    status: 400,
    title: 'Malformed JSON',
    detail: 'The body is not valid JSON. Nothing was changed.',
  },
  bad_request: {
    status: 400,
    title: 'Malformed request',
    detail: 'The request does not have the shape that this address expects. Nothing was changed.',
  },
  not_signed_in: {
    status: 401,
    title: 'Not signed in',
    detail: 'Log in, or send an API key as "Authorization: Bearer KEY".',
  },
  wrong_credentials: {
    status: 401,
    title: 'Wrong e-mail or password',
    detail: 'E-mail and password do not belong together. Check both and try again.',
  },
  cross_origin: {
    status: 403,
    title: 'Request from another site',
    detail: 'A change with a session cookie must come from a page of this server.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    detail: 'Your role does not allow this. Ask an owner of the workspace.',
  },
  not_a_member: {
    status: 403,
    title: 'No such workspace for you',
    detail: 'You are not a member of this workspace, or it does not exist.',
  },
  wrong_first_start_code: {
    status: 403,
    title: 'This address cannot be used',
    detail:
      'This address is out of date or not complete. Stop the server and start it again: it prints a new one.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail: 'There is nothing at this address.',
  },
  already_set_up: {
    status: 409,
    title: 'Set up already',
    detail: 'This server has a workspace already. Log in instead.',
  },
  not_empty: {
    status: 409,
    title: 'Not empty',
    detail: 'Sample data are only put into a workspace that is still empty. Nothing was changed.',
  },
  resync_required: {
    status: 410,
    title: 'Start again from the beginning',
    detail:
      'The checkpoint cannot be continued here. Pull from the beginning; what was not sent yet is safe where it is.',
  },
  too_large: {
    status: 413,
    title: 'Too large',
    detail: 'The body is larger than this address takes. Split it and send the parts.',
  },
  not_json: {
    status: 415,
    title: 'Not JSON',
    detail: 'Send JSON with the header "Content-Type: application/json".',
  },
  invalid: {
    status: 422,
    title: 'Not valid',
    detail: 'The request has a value that is not allowed. Nothing was changed.',
  },
  outdated: {
    status: 426,
    title: 'App too old',
    detail:
      'This app is older than the server. Reload the page; what you saved is kept and sent afterwards.',
  },
  server_outdated: {
    status: 426,
    title: 'Server too old',
    detail:
      'The server is older than this app. What you saved is kept, and is sent when the server was updated.',
  },
  throttled: {
    status: 429,
    title: 'Too many attempts',
    detail: 'Too many attempts. Wait as long as the header Retry-After says.',
  },
  internal: {
    status: 500,
    title: 'Failure in the server',
    detail: 'The server failed. Try again; its log has the reason under the request id.',
  },
  unavailable: {
    status: 503,
    title: 'Not available',
    detail: 'The server cannot answer at the moment. Try again shortly.',
  },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

export interface ProblemOptions {
  /** Replaces the code's sentence. It goes to whoever asked: no internals, no stored values. */
  readonly detail?: string;
  readonly reason?: ResyncReason;
  readonly survives?: number;
  readonly epoch?: string;
  readonly retryAfterSeconds?: number;
}

/** Thrown by any handler: `throw new HttpProblem('not_found')`. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly reason: ResyncReason | undefined;
  readonly survives: number | undefined;
  readonly epoch: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    const detail = options.detail ?? PROBLEMS[code].detail;
    super(detail);
    this.name = 'HttpProblem';
    this.status = PROBLEMS[code].status;
    this.code = code;
    this.detail = detail;
    this.reason = options.reason;
    this.survives = options.survives;
    this.epoch = options.epoch;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** The body, as RFC 9457 has it. */
  toProblem(): Problem {
    return {
      type: `urn:holdfast:problem:${this.code}`,
      title: PROBLEMS[this.code].title,
      status: this.status,
      code: this.code,
      detail: this.detail,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.survives === undefined ? {} : { survives: this.survives }),
      ...(this.epoch === undefined ? {} : { epoch: this.epoch }),
    };
  }
}

/** Stock RxDB clients put an error body into a message as it is: they get plain text. */
const wantsText = (request: Request): boolean => request.path.startsWith('/rxdb/');

/** The last handler of the app. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error);
    if (problem.status >= 500) log.error({ err: error, request: request.id }, 'request failed');
    if (response.headersSent) {
      // Part of the answer is out: only breaking the connection tells the client that it is cut.
      next(error);
      return;
    }
    if (problem.retryAfterSeconds !== undefined)
      response.setHeader('Retry-After', String(problem.retryAfterSeconds));
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(problem.status);
    if (wantsText(request))
      response.type('text/plain').send(`${problem.code}: ${problem.detail}\n`);
    else response.type('application/problem+json').send(JSON.stringify(problem.toProblem()));
  };
}

/** Maps what body parsers, the router and the file server throw; anything else is our own failure. */
function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  // A full disk, say: nothing was changed, and trying again later may work.
  if (error instanceof StoreFailedError)
    return new HttpProblem('unavailable', { retryAfterSeconds: 5 });
  if (error instanceof StoreLimitError) return new HttpProblem('too_large');
  switch (statusOf(error)) {
    case 400:
      return new HttpProblem(typeOf(error) === 'entity.parse.failed' ? 'bad_json' : 'bad_request');
    case 404:
      return new HttpProblem('not_found');
    case 413:
      return new HttpProblem('too_large');
    case 415:
      return new HttpProblem('not_json');
    default:
      return new HttpProblem('internal');
  }
}

const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'status' in error ? error.status : undefined;
const typeOf = (error: unknown): unknown =>
  error instanceof Error && 'type' in error ? error.type : undefined;
