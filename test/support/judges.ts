// An Accept on a store, with a clock that the test holds. Several may share one store.

import { Accept, type JudgedPush, type Pusher } from '../../server/accept/accept.ts';
import type { Head, Store } from '../../server/store/port/port.ts';
import {
  seq,
  userId,
  workspaceId,
  type PushRow,
  type WireDocument,
} from '../../replication/index.ts';
import { collections, scopeKeysOf, type Conflict, type Role } from '../../schemas/index.ts';
import type { Device } from './device.ts';
import { openTestStore } from './store.ts';

export interface Judges {
  readonly store: Store;
  readonly accept: Accept;
  readonly clock: { nowMs: number };
  readonly pusher: (user: string, role?: Role) => Pusher;
  readonly push: (device: Device, rows: readonly PushRow[], pusher?: Pusher) => Promise<JudgedPush>;
  /** What the server has of a document. */
  readonly stored: (collection: string, id: string) => Promise<WireDocument | undefined>;
  /** Everything that the inbox has, the oldest first. */
  readonly inbox: () => Promise<readonly Conflict[]>;
}

const WORKSPACE = workspaceId('w1');
const schema = Object.fromEntries(
  Object.values(collections).map(({ name, version }) => [name, version]),
);

interface JudgesOptions {
  /** Judges of another process on the same store. */
  readonly beside?: Judges;
  /** What makes the store: properties, with thousands of them, take the lightest. */
  readonly open?: typeof openTestStore;
}

export function openJudges({ beside, open = openTestStore }: JudgesOptions = {}): Judges {
  const clock = beside?.clock ?? { nowMs: Date.parse('2026-03-01T12:00:00.000Z') };
  const now = (): number => clock.nowMs;
  const store = beside?.store ?? open({ now });
  let first: Promise<Head> | undefined;
  const accept = new Accept({ store, collections: new Map(Object.entries(collections)), now });
  const pusher = (user: string, role: Role = 'member'): Pusher => ({
    workspace: WORKSPACE,
    user: userId(user),
    role,
    readOnly: false,
    scopeKeys: scopeKeysOf(user, role),
    belowFloor: 'flag',
  });
  return {
    store,
    accept,
    clock,
    pusher,
    push: async (device, rows, by = pusher('ada')) => {
      // Asked once, so that pushes that are made at once are judged at once.
      const { epoch } = await (first ??= store.head(WORKSPACE));
      return accept.push(by, { device: device.id, epoch, schema, rows });
    },
    stored: async (collection, id) => {
      const [found] = await store.get(WORKSPACE, [{ collection, id }]);
      return found === undefined ? undefined : (JSON.parse(found.text) as WireDocument);
    },
    inbox: async () => {
      const { pages } = await store.pages(WORKSPACE, (head) => [
        {
          collection: 'conflicts',
          primaryKey: 'id',
          scopeKeys: ['user:ada', 'user:bea', 'user:eve'],
          after: seq(0),
          upTo: head.seq,
          limit: 1_000,
        },
      ]);
      const joined = Buffer.from(pages[0]?.documents ?? []).toString();
      return JSON.parse(`[${joined}]`) as Conflict[];
    },
  };
}
