// What must hold when a history has come to rest.

import type { WireDocument } from '../../../replication/index.ts';
import type { Conflict } from '../../../schemas/index.ts';
import { call } from '../../support/live-server.ts';
import { until } from '../../support/until.ts';
import type { History } from './history.ts';
import type { ClientReport, Write } from './messages.ts';
import { Oracle, type Lost } from './oracle.ts';
import { entriesOf, same, textOf } from './values.ts';
import { checkRestored } from './restored.ts';
import type { Sent, Watch } from './watch.ts';

type Documents = ReadonlyMap<string, WireDocument>;

/** What the server gives a member, by `collection/id`. */
async function serverState(
  url: string,
  token: string,
  collections: readonly string[],
): Promise<Documents> {
  const answer = await call(url, token, '/api/sync/pull', {
    collections: Object.fromEntries(collections.map((name) => [name, null])),
    limit: 5_000,
  });
  const pages = (
    answer.json() as { collections: Record<string, { documents: readonly WireDocument[] }> }
  ).collections;
  return new Map(
    Object.entries(pages).flatMap(([name, { documents }]) =>
      documents
        .filter(({ _deleted }) => _deleted !== true)
        .map((doc) => [`${name}/${String(doc['id'])}`, doc] as const),
    ),
  );
}

const linesOf = (documents: Documents): readonly string[] =>
  [...documents]
    .map(([key, { _deleted, ...doc }]) => `${key} ${textOf(doc)}`)
    .toSorted((left, right) => (left < right ? -1 : 1));

const differences = (left: readonly string[], right: readonly string[]): readonly string[] => [
  ...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`),
  ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`),
];

/** Waits until every client shows exactly what the server has for it; what differs where it never does. */
export async function untilEqual(
  { members, collections }: History,
  url: string,
  patienceMs: number,
): Promise<readonly string[]> {
  let found: readonly string[] = [];
  const isEqual = async (): Promise<boolean> => {
    const states = await Promise.all(
      members.map(async ({ thread, token }, index) => {
        const unrest = await thread.ask('settled');
        const there = linesOf(await serverState(url, token, collections));
        const here = linesOf(new Map(await thread.ask('state')));
        const lines = differences(there, here).map((line) => `client ${index} ${line}`);
        return unrest === '' ? lines : [`client ${index} has no rest: ${unrest}`, ...lines];
      }),
    );
    found = states.flat();
    return found.length === 0;
  };
  return until(isEqual, '', patienceMs).then(
    () => [],
    () => found,
  );
}

/** What arrived of a document and of the entries about it, up to a row. */
function storyOf({ key, doc }: Sent, { pushes }: Watch): readonly string[] {
  const about = doc['documentId'] ?? doc['id'];
  return pushes
    .flat()
    .filter((row) => row.key === key || (row.doc['documentId'] ?? row.doc['id']) === about)
    .map(({ seq, device, user, verdict, code, clk, base, collection, doc: { mine, resolution } }) =>
      textOf({ seq, device, user, verdict, code, collection, clk, base, mine, resolution }),
    );
}

/** Up to a commit, and up to a restore: from there on devices give back what it has lost. */
function judgeAll(
  watch: Watch,
  upTo = Number.POSITIVE_INFINITY,
): { readonly oracle: Oracle; readonly problems: string[] } {
  const oracle = new Oracle(watch);
  const problems: string[] = [];
  const { pushes, turns } = watch;
  const end = turns.find(({ kind }) => kind === 'restored')?.before ?? pushes.length;
  for (const [number, rows] of pushes.slice(0, end).entries()) {
    for (const turn of turns)
      if (turn.before === number && turn.kind === 'purged') oracle.purge(turn.floor);
    if (rows.some(({ seq }) => seq > upTo)) break;
    const verdicts = oracle.judgePush(rows);
    rows.forEach((row, index) => {
      const expected = `${verdicts[index]?.verdict} ${verdicts[index]?.code ?? ''}`;
      // Stock below nothing is flagged, which is no other verdict.
      const given = `${row.verdict} ${row.code === 'below_floor' ? '' : (row.code ?? '')}`;
      if (expected !== given)
        problems.push(
          ...storyOf(row, watch),
          `${row.key} at ${row.seq} by ${row.device}: expected ${expected}, was ${given}: ${JSON.stringify({ clk: row.clk, base: row.base, doc: row.doc })}`,
        );
    });
  }
  return { oracle, problems };
}

const withoutInbox = (documents: Documents): Documents =>
  new Map([...documents].filter(([key]) => !key.startsWith('conflicts/')));

/** The documents of the server against those of the oracle. */
function checkDocuments(there: Documents, oracle: Oracle): readonly string[] {
  const expected = [...oracle.documents()].map(
    ([key, fields]) => `${key} ${textOf([...fields].toSorted(byName))}`,
  );
  const actual = [...withoutInbox(there)].map(([key, doc]) => {
    const [collection = ''] = key.split('/');
    return `${key} ${textOf([...entriesOf(collection, doc)].toSorted(byName))}`;
  });
  const stocks = [...there].filter(
    ([key, doc]) =>
      key.startsWith('products/') && doc['stock'] !== oracle.stockOf(String(doc['id'])),
  );
  return [
    ...differences(expected, actual).map((line) => `oracle ${line}`),
    ...stocks.map(([key, doc]) => `${key} has a stock of ${String(doc['stock'])}`),
  ];
}

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

function holdsValue(entry: Conflict, { key, entry: name, value, user }: Lost): boolean {
  if (
    `${entry.collectionName}/${entry.documentId}` !== key ||
    (user !== '' && entry.author !== user)
  )
    return false;
  const versions = [entry.mine, ...entry.history.flatMap(({ version }) => version ?? [])];
  return versions.some((version) =>
    same(entriesOf(entry.collectionName, version as Record<string, unknown>).get(name), value),
  );
}

function checkInbox(entries: readonly Conflict[], oracle: Oracle): readonly string[] {
  const missing = oracle.lost.filter((lost) => !entries.some((entry) => holdsValue(entry, lost)));
  const open = entries.filter(({ state }) => state === 'open');
  const names = open.map(
    ({ collectionName, documentId, author }) => `${collectionName}/${documentId} ${author}`,
  );
  const expected = [...oracle.entries.all()]
    .filter(([, { state }]) => state === 'open')
    .map(([name]) => name);
  return [
    ...missing.map((lost) => {
      const about = entries.filter(
        ({ collectionName, documentId }) => `${collectionName}/${documentId}` === lost.key,
      );
      const there = about.map(({ author, reason, mine, fields }) => ({
        author,
        reason,
        fields,
        value: entriesOf('', mine).get(lost.entry),
      }));
      return `no inbox of its author has ${textOf(lost)}; there are ${textOf(there)}`;
    }),
    ...differences(expected.toSorted(), names.toSorted()).map((line) => `open entries ${line}`),
  ];
}

/** Everything that was written was sent, or written over by the same client before it was sent. */
function checkSent(writes: readonly Write[], { pushes }: Watch): readonly string[] {
  const sent = pushes.flat();
  return writes
    .filter(({ key }) => !key.startsWith('conflicts/'))
    .flatMap((write, index) => {
      const { key, entry, value, stamp } = write;
      const rows = sent.filter((row) => row.key === key);
      const row = rows.find(({ doc }) => (doc.clk?.[entry] ?? doc.clk?.['*']) === stamp);
      if (row !== undefined) {
        const [collection = ''] = key.split('/');
        const carried = entry === '-' ? true : entriesOf(collection, row.doc).get(entry);
        return same(carried, value)
          ? []
          : [`${key} ${entry} was sent as ${textOf(carried)}, not ${textOf(value)}`];
      }
      const isWrittenOver = writes.some(
        (other, at) =>
          at > index && other.client === write.client && other.key === key && other.entry === entry,
      );
      return isWrittenOver ? [] : [`never sent: ${textOf(write)}`];
    });
}

/** Refused versions are kept where they were written, and no row is sent again after its verdict. */
const checkReports = (
  reports: readonly ClientReport[],
  { turns, pushes }: Watch,
): readonly string[] => {
  // Devices gave rows back that had been judged: they are sent again, and their losses are in the inbox.
  const { before = pushes.length } = turns.find(({ kind }) => kind === 'restored') ?? {};
  const isRestored = before < pushes.length;
  const after = pushes.slice(before).flat();
  const returned = new Set(after.filter(({ base }) => base === undefined).map(({ op }) => op));
  return reports.flatMap(({ delivered, needless, refused }, index) => [
    ...(isRestored ? [] : needless).map(
      (op) =>
        `client ${index} sent ${op} again after its verdict ${textOf(delivered.filter(({ result }) => result.op === op))}`,
    ),
    ...delivered
      // What lost or waits is explained by its entry of the inbox; what a rule forbids stays here.
      .filter(({ result: { verdict } }) => verdict === 'rejected')
      .filter(
        ({ result: { op } }) => !returned.has(op) && !refused.some((write) => write.op === op),
      )
      .map(({ result: { op, verdict } }) => `client ${index} forgot that ${op} was ${verdict}`),
  ]);
};

/** The rows of the clients, which keep what they wrote; the till does not. */
function sentBy(reports: readonly ClientReport[], { pushes }: Watch): readonly Sent[] {
  const ops = new Set(reports.flatMap(({ delivered }) => delivered.map(({ result }) => result.op)));
  return pushes.flat().filter(({ op }) => ops.has(op));
}

export async function checkHistory(
  { watch, members, collections }: History,
  url: string,
  reports: readonly ClientReport[],
): Promise<readonly string[]> {
  const { problems } = judgeAll(watch);
  const { to } = watch.turns.flatMap((turn) => (turn.kind === 'cut' ? [turn] : []))[0] ?? {};
  const { oracle } = judgeAll(watch, to);
  const isRestored = watch.turns.some(({ kind }) => kind === 'restored');
  const states = await Promise.all(
    members.map(({ token }) => serverState(url, token, collections)),
  );
  const all = new Map(states.flatMap((state) => [...state]));
  const entries = [...all]
    .filter(([key]) => key.startsWith('conflicts/'))
    .map(([, doc]) => doc as unknown as Conflict);
  return [
    ...watch.problems,
    ...problems,
    ...(isRestored
      ? to === undefined
        ? checkRestored(sentBy(reports, watch), withoutInbox(all), (lost) =>
            entries.some((entry) => holdsValue(entry, { ...lost, why: '' })),
          )
        : []
      : [...checkDocuments(all, oracle), ...checkInbox(entries, oracle)]),
    ...reports.flatMap(({ writes }) => checkSent(writes, watch)),
    ...checkReports(reports, watch),
  ];
}
