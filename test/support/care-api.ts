// The care log's API as a program outside calls it.

import { call } from './live-server.ts';

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export type CareApi = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path?: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

/** Calls `/api/feedings` and what is below it; a body that is text is sent as it is. */
export const careApi =
  (url: string, key: string): CareApi =>
  async (method, path = '', body, headers = {}) => {
    const response = await fetch(`${url}/api/feedings${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Reply['body'] };
  };

/** The documents of a collection as Holdfast's own clients get them. */
export async function pulled(
  url: string,
  key: string,
  collection: string,
): Promise<readonly Record<string, unknown>[]> {
  const answer = await call(url, key, '/api/sync/pull', { collections: { [collection]: null } });
  const { collections } = answer.json() as {
    collections: Record<string, { documents: Record<string, unknown>[] }>;
  };
  return collections[collection]?.documents ?? [];
}

export const MORNING = {
  client_id: 'morning',
  feeding_time: '2026-03-01T06:30:00.000Z',
  food_type: 'formula',
  amount_ml: 120,
  notes: 'Slept right after',
} as const;
