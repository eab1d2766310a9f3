// A client whose outbox, activity and metrics a test looks at, and a server whose answers it chooses.

import type { Activity, Metrics, Outbox, OutboxRecord } from '../../../replication/index.ts';
import { defineCollection, fieldLww, text } from '../../../schemas/index.ts';
import type { Judged } from '../../../replication/outbox/ledger.ts';
import { FakeServer, type Request } from './fake-server.ts';
import { notes, openClient, type Client } from './world.ts';

export const isPush = ({ path }: Request): boolean => path === '/api/sync/push';
const places = defineCollection({
  name: 'places',
  label: { one: 'place', many: 'places' },
  version: 0,
  fields: { title: text(200) },
  nameField: 'title',
  policy: fieldLww(),
  sample: () => ({ title: 'x' }),
});

const watch = (client: Client) => {
  let outbox: Outbox | undefined;
  let activity: readonly Activity[] = [];
  let metrics: Metrics | undefined;
  client.sync.outbox$.subscribe((next) => (outbox = next));
  client.sync.activity$.subscribe((next) => (activity = next));
  client.sync.metrics$.subscribe((next) => (metrics = next));
  return {
    all: (): readonly OutboxRecord[] => outbox?.records ?? [],
    of: (id: string): OutboxRecord | undefined => outbox?.records.find((one) => one.id === id),
    counts: () => outbox?.counts,
    activity: () => activity,
    metrics: () => metrics,
  };
};
export type Watched = Client & ReturnType<typeof watch>;
export const openWatched = async (
  server: FakeServer,
  given: Parameters<typeof openClient>[1] = {},
): Promise<Watched> => {
  const client = await openClient(server, { collections: [notes, places], ...given });
  return { ...client, ...watch(client) };
};
export const servers = (): FakeServer => new FakeServer([notes, places]);

type Row = { readonly group?: object; readonly doc: Readonly<Record<string, unknown>> };
const rowsOf = (request: Request): readonly Row[] =>
  isPush(request) ? (request.body as { readonly rows: readonly Row[] }).rows : [];
export const carries = (request: Request, id: string): boolean =>
  rowsOf(request).some(({ doc }) => doc['id'] === id);
export const carriesGroup = (request: Request): boolean =>
  rowsOf(request).some(({ group }) => group !== undefined);
/** The server itself stumbles. */
export const BROKEN = { status: 500, body: { code: 'internal', detail: 'The server broke.' } };
export const PAIR = [
  { collection: 'notes', insert: { id: 'a', title: 'a' } },
  { collection: 'places', insert: { id: 'b', title: 'b' } },
] as const;
/** What the ledger is told when a person lets go of what waits by an operation. */
export const letGo = (op: string): Judged => ({
  groups: [],
  refused: [],
  finished: [],
  tried: [],
  discarded: [{ op, attempts: 0, discarded: true }],
});
