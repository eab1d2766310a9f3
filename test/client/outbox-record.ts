// A record of the outbox as the Sync centre gets it, and the moment in which it is looked at.

import type { OutboxRecord } from '../../replication/index.ts';

export const NOW = Date.parse('2026-11-28T20:00:00.000Z');
export const here = { zone: 'UTC', nowMs: NOW };

export const record = (id: string, more: Partial<OutboxRecord> = {}): OutboxRecord => ({
  op: `op-${id}`,
  collection: 'pins',
  id,
  kind: 'insert',
  label: `New pin “${id}”`,
  state: 'pending',
  attempts: 0,
  order: 1,
  dependsOn: [],
  createdAtMs: NOW,
  ...more,
});
