// Counts what a page asks of IndexedDB and of the network, and stands still at one of these steps: from
// there on nothing of the page runs any more, and its process waits to be killed.

export interface Death {
  readonly kind: string;
  /** The passing of this kind of step, from the moment of arming. */
  readonly nth: number;
}

/** What a page says to the test, in its console: only that leaves a page that then stands still. */
export const SAYS = 'till: ';
export type Saying =
  | { readonly what: 'begun' | 'done'; readonly deed: number }
  | { readonly what: 'dies'; readonly at: string };
export const say = (saying: Saying): void => console.info(SAYS + JSON.stringify(saying));

const seen: Record<string, number> = {};
let armed: Death | undefined;
let left = 0;

export const arm = (death: Death): void => {
  armed = death;
  left = death.nth;
};
export const disarm = (): void => {
  armed = undefined;
};
export const steps = (): Readonly<Record<string, number>> => ({ ...seen });

function pass(kind: string): void {
  seen[kind] = (seen[kind] ?? 0) + 1;
  if (armed?.kind !== kind) return;
  left -= 1;
  if (left > 0) return;
  say({ what: 'dies', at: kind });
  for (let isAlive = true; isAlive;) isAlive = armed.kind === kind;
}

/** Which of the page's databases it is. */
function placeOf(database: string): string {
  if (!database.startsWith('rxdb-dexie-')) return 'ledger';
  if (database.includes('rx-replication-meta')) return 'notes';
  return database.endsWith('_rxdb_internal') ? 'internal' : 'documents';
}

export function countSteps(): void {
  const begin = Reflect.get(IDBDatabase.prototype, 'transaction');
  IDBDatabase.prototype.transaction = function (...given): IDBTransaction {
    const begun: IDBTransaction = Reflect.apply(begin, this, given);
    const kind = `${placeOf(this.name)} ${begun.mode === 'readonly' ? 'read' : 'write'}`;
    // Heard before whoever asked for it hears of it.
    begun.addEventListener('complete', () => pass(`${kind}, complete`));
    pass(`${kind}, begun`);
    return begun;
  };
  const send = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    const kind = `request ${pathname.split('/').at(-1) ?? ''}`;
    pass(`${kind}, asked`);
    const sent = send(input, init);
    pass(`${kind}, sent`);
    const answer = await sent;
    pass(`${kind}, answered`);
    return answer;
  };
}
