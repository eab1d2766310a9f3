// Bugs that only a device that dies can show, put between the product and its ledger or the server
// and its store, to see that the checks notice them.

import type { Group } from '../../../replication/outbox/group.ts';
import { over } from './over.ts';
import type { Bug } from './shop.ts';

interface PlantedBug extends Bug {
  readonly name: string;
  /** What is found. */
  readonly says: RegExp;
}

type Run = () => Promise<void>;
const LATE_MS = 10;

/** Answered at once, and done a little later: before the next `flush`, or by itself. */
function delayed(): { readonly later: (run: Run) => Promise<void>; readonly flush: Run } {
  const waiting: Run[] = [];
  const flush = async (): Promise<void> => {
    for (const run of waiting.splice(0)) await run();
  };
  return {
    flush,
    later: (run) => {
      waiting.push(run);
      setTimeout(() => void flush(), LATE_MS);
      return Promise.resolve();
    },
  };
}

export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'a group is recorded after its documents',
    says: /only a part of/,
    ledger: (ledger) => {
      const { later, flush } = delayed();
      const unkept = new Set<Group>();
      return over(ledger, {
        putGroup: async (group) => {
          unkept.add(group);
          await later(async () => {
            unkept.delete(group);
            await ledger.putGroup(group);
          });
          return true;
        },
        groups: async () => [...(await ledger.groups()), ...unkept],
        hasGroup: async (id) =>
          [...unkept].some((group) => group.id === id) || (await ledger.hasGroup(id)),
        freezeGroups: (groups) => flush().then(() => ledger.freezeGroups(groups)),
      });
    },
  },
  {
    name: 'documents go back before their refusal is kept',
    says: /was not told/,
    ledger: (ledger) => {
      const { later } = delayed();
      return over(ledger, {
        judged: async ({ refused, ...rest }) => {
          await ledger.judged({ ...rest, refused: [] });
          await later(() => ledger.judged({ groups: [], refused, finished: [], tried: [] }));
        },
      });
    },
  },
  {
    name: 'a group that is under way is not frozen',
    says: /members of .* were judged|was split|took effect/,
    ledger: (ledger) => over(ledger, { freezeGroups: () => Promise.resolve(true) }),
  },
  {
    name: 'a session has another name after a crash',
    says: /it became another device/,
    ledger: (ledger) =>
      over(ledger, {
        claim: async (fresh) => ({ ...(await ledger.claim(fresh)), now: fresh }),
      }),
  },
  {
    name: 'the server forgets what it has judged',
    says: /was told .* first and .* then/,
    store: (store) =>
      over(store, {
        commit: (workspace, needs, decide) =>
          store.commit(workspace, { ...needs, operations: [] }, decide),
      }),
  },
];
