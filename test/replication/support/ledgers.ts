// One ledger of each kind, as two tabs see it, and what is written to it.

import { createMemoryLedger, type Ledger, type RefusedWrite } from '../../../replication/index.ts';
import { createDexieLedger } from '../../../replication/outbox/dexie-ledger.ts';
import type { Group } from '../../../replication/outbox/group.ts';
import { atEnd, newName } from './world.ts';

export const group = (id: string): Group => ({ id, label: 'A sale', createdAtMs: 0, members: [] });
export const write = (op: string, refusedAtMs: number): RefusedWrite => ({
  op,
  collection: 'notes',
  id: op,
  doc: { id: op, title: 'x' },
  verdict: 'rejected',
  code: 'no',
  message: 'No.',
  refusedAtMs,
});
export const nothing = { groups: [], refused: [], finished: [], tried: [] };

const closed = (...ledgers: [Ledger, Ledger]): readonly [Ledger, Ledger] => {
  for (const ledger of ledgers) atEnd(() => ledger.close());
  return ledgers;
};

export const LEDGERS: Readonly<Record<string, () => readonly [Ledger, Ledger]>> = {
  memory: () => {
    const ledger = createMemoryLedger();
    return closed(ledger, ledger);
  },
  dexie: () => {
    const name = newName();
    return closed(createDexieLedger(name), createDexieLedger(name));
  },
};
