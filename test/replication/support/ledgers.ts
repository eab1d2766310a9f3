// One ledger of each kind, as two tabs see it, what is written to it, and a look between two calls.

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

type Call = 'groups' | 'judged' | 'noteRun' | 'putGroup' | 'raiseLeader' | 'record';
type Method = (...given: readonly unknown[]) => Promise<unknown>;

/** Later calls are as before, also those that are made meanwhile. */
const replaceNext = (
  ledger: Ledger,
  call: Call,
  next: (original: () => Promise<unknown>) => Promise<unknown>,
): void => {
  const methods = ledger as unknown as Record<Call, Method>;
  const original = methods[call].bind(ledger);
  methods[call] = (...given) => {
    methods[call] = original;
    return next(() => original(...given));
  };
};
/** Runs before the next call takes effect. */
export const beforeNext = (ledger: Ledger, call: Call, run: () => Promise<unknown>): void =>
  replaceNext(ledger, call, async (original) => {
    await run();
    return original();
  });
/** Runs when the next call has taken effect, before its result is given. */
export const afterNext = (ledger: Ledger, call: Call, run: () => Promise<unknown>): void =>
  replaceNext(ledger, call, async (original) => {
    const result = await original();
    await run();
    return result;
  });

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
