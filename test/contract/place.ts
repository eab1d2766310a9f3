// Writing to a store under test and reading it, in few words.

import { workspaceId, seq as asSeq, type Seq, type WorkspaceId } from '../../replication/index.ts';
import type {
  CommitTurn,
  Committed,
  DocumentWrite,
  Known,
  Needs,
  OperationRecord,
  Page,
  PageRequest,
  StampFate,
  Store,
} from '../../server/store/port/port.ts';

export const HERE = workspaceId('here');
export const EVERYBODY: readonly string[] = ['workspace'];

export interface Put {
  readonly id: string;
  readonly collection?: string;
  readonly keys?: readonly string[];
  readonly deleted?: boolean;
  /** Without it: a text that names the id and the seq. */
  readonly text?: string;
}

export interface Extra {
  readonly operations?: readonly OperationRecord[];
  readonly fates?: readonly (readonly [string, StampFate])[];
}

const writeOf = (put: Put, seq: Seq): DocumentWrite => ({
  collection: put.collection ?? 'pins',
  id: put.id,
  deleted: put.deleted ?? false,
  text: put.text ?? JSON.stringify({ id: put.id, rev: seq }),
  scopeKeys: put.keys ?? EVERYBODY,
  indexed: { kind: 'site', amount: 1, void: false },
});

export const NOTHING: Needs = { documents: [], operations: [], stamps: [] };

/** Commits these documents, having asked for them first, as the layer above does. */
export const put = (
  store: Store,
  puts: readonly Put[],
  { workspace = HERE, ...extra }: Extra & { readonly workspace?: WorkspaceId } = {},
): Promise<Committed<CommitTurn>> => {
  const documents = puts.map(({ collection = 'pins', id }) => ({ collection, id }));
  return store.commit(workspace, { ...NOTHING, documents }, (_known, turn) => ({
    result: turn,
    write: {
      documents: puts.map((row) => writeOf(row, turn.seq)),
      operations: extra.operations ?? [],
      fates: extra.fates ?? [],
    },
  }));
};

/** What a decision would know now. */
export const knownOf = async (
  store: Store,
  needs: Partial<Needs>,
  workspace = HERE,
): Promise<Known> => {
  const { result } = await store.commit(workspace, { ...NOTHING, ...needs }, (known) => ({
    result: known,
    write: { documents: [], operations: [], fates: [] },
  }));
  return result;
};

export interface Given {
  readonly id: string;
  readonly rev?: number;
  readonly _deleted?: boolean;
}

export interface ReadPage extends Page {
  readonly text: string;
  readonly rows: readonly Given[];
  readonly ids: readonly string[];
}

export const readable = (page: Page): ReadPage => {
  const text = Buffer.from(page.documents).toString('utf8');
  const rows = JSON.parse(`[${text}]`) as Given[];
  return { ...page, text, rows, ids: rows.map((row) => row.id) };
};

export type Ask = Partial<Omit<PageRequest, 'after' | 'upTo'>> & {
  readonly after?: number;
  readonly upTo?: number;
  readonly workspace?: WorkspaceId;
};

/** One page; by default all of `pins` that everybody sees. */
export async function read(store: Store, ask: Ask = {}): Promise<ReadPage> {
  const { workspace = HERE, after = 0, upTo, ...rest } = ask;
  const { pages } = await store.pages(workspace, (head) => [
    {
      collection: 'pins',
      scopeKeys: EVERYBODY,
      limit: 1_000,
      primaryKey: 'id',
      ...rest,
      after: asSeq(after),
      upTo: asSeq(upTo ?? head.seq),
    },
  ]);
  const [page] = pages;
  if (page === undefined) throw new Error('The store gave no page.');
  return readable(page);
}
