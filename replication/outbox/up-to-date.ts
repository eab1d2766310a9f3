// What an earlier version of the app has left in the ledger, as this version's: open groups and
// refused writes hold whole documents, so each notes of which version they are.

import { map } from 'rxjs';
import { migrateFrom, type Collection } from '../../schemas/index.ts';
import type { WireDocument } from '../protocol/index.ts';
import type { Group, Member } from './group.ts';
import type { Judged, Ledger, RefusedWrite } from './ledger.ts';

/** Of those that note none. */
const FIRST_VERSION = 0;

/** Reads everything as of the present versions of these collections, and notes them. */
export function upToDate(ledger: Ledger, collections: readonly Collection[]): Ledger {
  const known = new Map(collections.map((collection) => [collection.name, collection]));
  const noted = (group: Group): Group => ({ ...group, schema: versionsIn(known, group) });
  // All else is the ledger's own, also what is put in its place later.
  const rest: Ledger = Object.create(ledger);
  return Object.assign(rest, {
    putGroup: (group: Group, instead?: readonly string[]) => ledger.putGroup(noted(group), instead),
    freezeGroups: (groups: readonly Group[]) => ledger.freezeGroups(groups.map(noted)),
    groups: async () => {
      const groups = await ledger.groups();
      // What a later version of the app made is sent by that.
      return groups.filter((group) => !isLater(known, group)).map((group) => present(known, group));
    },
    judged: (judged: Judged) =>
      ledger.judged({ ...judged, refused: notedRefused(known, judged.refused) }),
    takeBackGroup: (group: string, refused: readonly RefusedWrite[]) =>
      ledger.takeBackGroup(group, notedRefused(known, refused)),
    refused$: ledger.refused$.pipe(
      map((writes) => writes.map((write) => presentRefused(known, write))),
    ),
  });
}

type Known = ReadonlyMap<string, Collection>;

const versionOf = (group: Group, { collection }: Member): number =>
  group.schema?.[collection] ?? FIRST_VERSION;

/** Of collections that are not open here: as they were. */
const versionsIn = (known: Known, group: Group): Readonly<Record<string, number>> =>
  Object.fromEntries(
    group.members.map((member) => [
      member.collection,
      known.get(member.collection)?.version ?? versionOf(group, member),
    ]),
  );

const isLater = (known: Known, group: Group): boolean =>
  group.members.some((member) => {
    const version = known.get(member.collection)?.version;
    return version !== undefined && versionOf(group, member) > version;
  });

function present(known: Known, group: Group): Group {
  const members = group.members.map((member): Member => {
    const collection = known.get(member.collection);
    if (collection === undefined) return member;
    const from = versionOf(group, member);
    const { doc, before } = member;
    return {
      ...member,
      doc: migrated(collection, doc, from),
      ...(before === undefined ? {} : { before: migrated(collection, before, from) }),
    };
  });
  return { ...group, members, schema: versionsIn(known, group) };
}

const notedRefused = (known: Known, refused: readonly RefusedWrite[]): readonly RefusedWrite[] =>
  refused.map((write) => ({
    ...write,
    schema: known.get(write.collection)?.version ?? FIRST_VERSION,
  }));

function presentRefused(known: Known, write: RefusedWrite): RefusedWrite {
  const collection = known.get(write.collection);
  if (collection === undefined) return write;
  return { ...write, doc: migrated(collection, write.doc, write.schema ?? FIRST_VERSION) };
}

/** What no migration fits stays as it is; the server says of it what is wrong. */
function migrated(collection: Collection, doc: WireDocument, from: number): WireDocument {
  try {
    return migrateFrom(collection, doc, from);
  } catch {
    return doc;
  }
}
