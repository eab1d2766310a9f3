// The push pipeline's states: the table in replication/push/machine.ts, and that it is followed.

import { expect, test } from 'vitest';
import { nextState, PUSH_EVENTS, PUSH_STATES, PUSH_TABLE } from '../../replication/push/machine.ts';
import { until } from '../support/until.ts';
import { isPush, openWatched, servers } from './support/watched.ts';
import { isSynced } from './support/world.ts';

test('the pipeline moves as its table says, through every line of it', async () => {
  const server = servers();
  const seen = new Set<string>();
  let online = true;
  let wake = (_why: 'online' | 'offline' | 'visible'): void => {};
  const client = await openWatched(server, {
    platform: { online: () => online, onWake: (run) => ((wake = run), () => {}) },
    timing: { firstRetryMs: 5, longestRetryMs: 20, waitingMs: 1_000_000 },
  });
  const isReachable = (from: string, to: string): boolean =>
    Object.entries(PUSH_TABLE).some(
      ([state, events]) => state === from && Object.values(events).some((next) => next === to),
    );
  let last = 'idle';
  const watched = client.sync.status$.subscribe(({ pushing }) => {
    if (pushing === last) return;
    expect([last, pushing, isReachable(last, pushing)]).toEqual([last, pushing, true]);
    seen.add(pushing);
    last = pushing;
  });
  await until(() => isSynced(client));
  const push = (fate: 'go' | 'lose request' | { status: number; headers?: object }): void => {
    server.fate = (request) => (isPush(request) ? (fate as 'go') : 'go');
  };
  push('lose request');
  await client.notes.insert({ id: 'a', title: 'x' });
  await until(() => seen.has('waiting'));
  push({ status: 503, headers: { 'Retry-After': '1000' } });
  await until(() => client.status().pushing === 'putOff');
  online = true;
  wake('online');
  push({ status: 401 });
  expect(client.status().pushing).toBe('putOff');
  client.sync.syncNow();
  await until(() => client.status().pushing === 'loggedOut');
  push('go');
  client.sync.syncNow();
  await until(() => client.status().pushing === 'idle' && isSynced(client));
  const freeze = client.ledger.freezeGroups.bind(client.ledger);
  client.ledger.freezeGroups = (groups) => {
    client.ledger.freezeGroups = freeze;
    // Another tab has taken it back, say.
    return groups.length > 0 ? Promise.resolve(false) : freeze(groups);
  };
  await client.sync.atomic('One', [{ collection: 'notes', insert: { id: 'b', title: 'x' } }]);
  await until(() => seen.has('held') && client.status().pushing === 'idle' && isSynced(client));
  watched.unsubscribe();
  expect([...seen].toSorted()).toEqual(PUSH_STATES.filter((state) => state !== 'ended').toSorted());
});

test('an event that has no place in a state changes nothing, and nothing leaves the end', () => {
  for (const state of PUSH_STATES)
    for (const event of PUSH_EVENTS) {
      const next = nextState(state, event);
      expect(next).toBe(PUSH_TABLE[state][event] ?? state);
      if (state === 'ended') expect(next).toBe('ended');
      else if (event === 'stop') expect(next).toBe('ended');
    }
});
