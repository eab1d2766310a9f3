// Helpers of the feed's tests: requests that wait, and what others do meanwhile.

import type { FakeServer } from './fake-server.ts';
import { isSynced, type Client } from './world.ts';
import { until } from '../../support/until.ts';

/** A door that requests wait at until it is opened. */
export const door = () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
};
export const titles = (client: Client, id: string): unknown[] => {
  const seen: unknown[] = [];
  client.notes.findOne(id).$.subscribe((found) => seen.push(found?.get('title') ?? 'gone'));
  return seen;
};
export const change = (server: FakeServer, id: string, title: string): number => {
  const stored = server.stored('notes', id);
  const clk = {
    ...stored?.clk,
    title: `${(Date.now() + server.seq).toString(16).padStart(12, '0')}000000-ffffffffff000000`,
  };
  return server.write('notes', { ...stored, id, title, clk });
};
export const live = async (server: FakeServer, client: Client): Promise<void> => {
  await until(() => server.streams.some(({ isOpen }) => isOpen) && isSynced(client));
};
