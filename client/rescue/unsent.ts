// Finds what this device has not sent, in databases that may be broken: each is read by itself, and
// what can't be read is named.

import { collections } from '../../schemas/index.ts';
import {
  isWithdrawn,
  sameClock,
  type RefusedWrite,
  type WireDocument,
} from '../../replication/index.ts';
import { plural } from '../queries/format.ts';
import { namesOf, readTables } from './raw-database.ts';

export interface UnsentDocument {
  readonly collection: string;
  readonly id: string;
  /** `unknown` where what the server has of it could not be read. */
  readonly kind: 'new' | 'changed' | 'deleted' | 'unknown';
  readonly document: WireDocument;
}
interface Change {
  readonly collection: string;
  readonly id: string;
  readonly doc: WireDocument;
}
/** Changes that belong together. */
export interface UnsentGroup {
  readonly label: string;
  readonly createdAtMs: number;
  readonly members: readonly Change[];
}
export interface Unsent {
  readonly documents: readonly UnsentDocument[];
  readonly groups: readonly UnsentGroup[];
  readonly refused: readonly RefusedWrite[];
  /** What could not be read, in people's words. */
  readonly unread: readonly string[];
}

/** RxDB keeps each collection, in each version of its schema, in a database of its own. */
const PART = /^rxdb-dexie-.*--(\d+)--([^-].*)$/;
const META = 'rx-replication-meta-';
/** RxDB's name for the replication (replication/plugin/rx.ts). */
const REPLICATION = 'holdfast';

interface Part {
  readonly name: string;
  readonly version: string;
  readonly collection: string;
}

const partOf = (name: string): Part | undefined => {
  const [, version, collection] = PART.exec(name) ?? [];
  return version === undefined || collection === undefined
    ? undefined
    : { name, version, collection };
};
const isData = ({ collection }: Part): boolean =>
  !collection.startsWith(META) && !collection.startsWith('_');

const metaNameOf = async (collection: string): Promise<string> => {
  const text = new TextEncoder().encode(`${collection}-${REPLICATION}`);
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return META + [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** In people's words, where they are known. */
const manyOf = (collection: string): string =>
  Object.values(collections).find(({ name }) => name === collection)?.label.many ?? collection;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Dexie can't index truth values, so RxDB stores them as digits. */
const isDeleted = (value: unknown): boolean => value === true || value === '1';

const documentOf = (row: unknown): WireDocument | undefined => {
  if (!isRecord(row)) return undefined;
  const { _meta, _rev, _attachments, ...rest } = row;
  return { ...rest, _deleted: isDeleted(rest['_deleted']) };
};

const docsOf = async (name: string): Promise<readonly WireDocument[]> =>
  ((await readTables(name, ['docs'])).get('docs') ?? []).flatMap((row): WireDocument[] => {
    const document = documentOf(row);
    return document ? [document] : [];
  });

/** What the server was last known to have, by id. */
const knownOf = async (name: string): Promise<ReadonlyMap<string, WireDocument>> => {
  const known = new Map<string, WireDocument>();
  for (const row of await docsOf(name)) {
    const { itemId, isCheckpoint, docData } = row;
    const document = isCheckpoint === '0' ? documentOf(docData) : undefined;
    if (typeof itemId === 'string' && document) known.set(itemId, document);
  }
  return known;
};

const kindOf = (
  document: WireDocument,
  known: WireDocument | undefined,
): UnsentDocument['kind'] | undefined => {
  if (!known) return document._deleted ? 'deleted' : 'new';
  const isSame = sameClock(known.clk, document.clk) && known._deleted === document._deleted;
  if (isSame) return undefined;
  return document._deleted ? 'deleted' : 'changed';
};

const unsentOf = async (part: Part, parts: readonly Part[]): Promise<Unsent> => {
  const { collection, version } = part;
  const rows = (await docsOf(part.name)).filter((document) => !isWithdrawn(document));
  const metaName = await metaNameOf(collection);
  const meta = parts.find((one) => one.collection === metaName && one.version === version);
  const known = meta ? await knownOf(meta.name).catch(() => undefined) : new Map();
  const documents = rows.flatMap((document): UnsentDocument[] => {
    const kind = known ? kindOf(document, known.get(String(document['id']))) : 'unknown';
    return kind ? [{ collection, id: String(document['id']), kind, document }] : [];
  });
  const unread = known ? [] : [`which ${manyOf(collection)} the server has`];
  return { documents, groups: [], refused: [], unread };
};

const ledgerOf = async (name: string): Promise<Unsent> => {
  const tables = await readTables(name, ['groups', 'refused']);
  const groups = (tables.get('groups') ?? []).flatMap((row) =>
    isRecord(row) && isRecord(row['group']) ? [row['group'] as unknown as UnsentGroup] : [],
  );
  return {
    documents: [],
    groups,
    refused: (tables.get('refused') ?? []) as readonly RefusedWrite[],
    unread: [],
  };
};

const NOTHING: Unsent = { documents: [], groups: [], refused: [], unread: [] };
const onlyUnread = (words: string): Unsent => ({ ...NOTHING, unread: [words] });

/** @param name the workspace's database (client/database/name.ts). Never rejects. */
export const readUnsent = async (name: string): Promise<Unsent> => {
  try {
    const names = await namesOf(name);
    const parts = names.flatMap((one) => partOf(one) ?? []);
    const found = await Promise.all([
      ...parts
        .filter(isData)
        .map((part) => unsentOf(part, parts).catch(() => onlyUnread(manyOf(part.collection)))),
      ...(names.includes(name)
        ? [ledgerOf(name).catch(() => onlyUnread('changes that belong together'))]
        : []),
    ]);
    return {
      documents: found.flatMap(({ documents }) => documents),
      groups: found.flatMap(({ groups }) => groups),
      refused: found.flatMap(({ refused }) => refused),
      unread: found.flatMap(({ unread }) => unread),
    };
  } catch {
    return onlyUnread('the list of what is stored here');
  }
};

/** Records with changes that were not sent; a record of a group counts once. */
export const countUnsent = ({ documents, groups }: Unsent): number =>
  new Set(
    [...documents, ...groups.flatMap(({ members }) => members)].map(
      ({ collection, id }) => `${collection}/${id}`,
    ),
  ).size;

/** What logging out means for what this device has not sent. */
export interface Parting {
  /** Records with changes that were not sent. */
  readonly unsent: number;
  readonly isLoss: boolean;
  readonly words: string;
  /** What the button says. */
  readonly deed: string;
}

/** Undefined where nothing was found, and not everything could be read. Never rejects. */
export const partingFrom = async (name: string): Promise<Parting | undefined> => {
  const found = await readUnsent(name);
  const [unsent, refused] = [countUnsent(found), found.refused.length];
  const lost = [
    ...(unsent > 0 ? [`${plural(unsent, 'change was', 'changes were')} not sent yet`] : []),
    ...(refused > 0 ? [`${plural(refused, 'change was', 'changes were')} not accepted`] : []),
  ].join(' and ');
  const isWhole = found.unread.length === 0;
  if (lost === '')
    return isWhole
      ? {
          unsent,
          isLoss: false,
          words: 'Everything is on the server. Logging out removes only the copy on this device.',
          deed: 'Log out',
        }
      : undefined;
  const more = isWhole ? '' : ' What else is unsent could not be read.';
  const much = plural(unsent + refused, 'change', 'changes');
  return {
    unsent,
    isLoss: true,
    words: `${lost}.${more} Logging out removes ${unsent + refused === 1 ? 'it' : 'them'} for good.`,
    deed: `Log out and lose ${isWhole ? '' : 'at least '}${much}`,
  };
};
