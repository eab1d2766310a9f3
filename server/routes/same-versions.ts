// A client and this server that speak of the same things in other versions part before anything is
// done: what the client has not sent stays where it is, and is sent when both are of one version.

import type { RequestHandler } from 'express';
import {
  outdatedSide,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  type SchemaVersions,
  versionsFromText,
} from '../../replication/core.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';

const problemFor = (side: 'client' | 'server'): HttpProblem =>
  new HttpProblem(side === 'client' ? 'outdated' : 'server_outdated');

/** A client that says which protocol it speaks is told when that is another one. */
export const sameProtocol: RequestHandler = (request, _response, next) => {
  const spoken = request.get(PROTOCOL_HEADER);
  if (spoken !== undefined && spoken !== String(PROTOCOL_VERSION))
    throw problemFor(Number(spoken) > PROTOCOL_VERSION ? 'server' : 'client');
  next();
};

/** @throws {HttpProblem} where a collection of this server has another version. */
export function refuseOtherVersions(
  { collections }: Pick<Core, 'collections'>,
  versions: SchemaVersions,
): void {
  const side = outdatedSide(versions, collections);
  if (side !== undefined) throw problemFor(side);
}

/** The versions in a query; none where it names none. */
export function versionsAsked(query: unknown): SchemaVersions {
  if (query === undefined) return {};
  const versions = typeof query === 'string' ? versionsFromText(query) : undefined;
  if (versions === undefined)
    throw new HttpProblem('bad_request', {
      detail: '"schema" names versions of collections, such as "pins:1,forms:0".',
    });
  return versions;
}
