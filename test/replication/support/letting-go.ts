// What is let go while it waits to be sent: by which operation, and what happens at that moment.

import { until } from '../../support/until.ts';
import type { FakeServer, Fate } from './fake-server.ts';
import { door } from './feed.ts';
import { isPush, type Watched } from './watched.ts';

export const opOf = (client: Watched, id: string): string => client.of(id)?.op ?? '';
/** By which a document waits; a refused version of it has another. */
const waitsBy = (client: Watched, id: string): string | undefined =>
  client.all().find((one) => one.id === id && one.state !== 'rejected')?.op;
/** Resolves when the outbox shows the edit. */
export const edit = async (
  client: Watched,
  change: Readonly<Record<string, string>>,
): Promise<void> => {
  const before = waitsBy(client, 'a');
  await (await client.notes.findOne('a').exec(true)).incrementalPatch(change);
  await until(() => waitsBy(client, 'a') !== before);
};
export const pairWaits = (client: Watched) =>
  until(() => client.of('a') !== undefined && client.of('b') !== undefined);
/** A request is under way, and nothing else is sent until the door opens; then all is lost. */
export const holdPushes = async (client: Watched, server: FakeServer) => {
  const gate = door();
  server.fate = async (request): Promise<Fate> => {
    if (isPush(request)) await gate.opened;
    return isPush(request) ? 'lose request' : 'go';
  };
  await client.notes.insert({ id: 'flying', title: 'x' });
  await until(() => server.pushes.length === 1);
  return gate;
};
/** Runs when it is durable that something was let go, and before anything comes of it. */
export const onceLetGo = ({ ledger }: Watched, run: () => Promise<unknown>): void => {
  const judged = ledger.judged.bind(ledger);
  ledger.judged = async (one) => {
    await judged(one);
    if (!one.discarded?.length) return;
    ledger.judged = judged;
    await run();
  };
};
