// The servers and workspaces in which the scenes take place: throw-away data, real processes.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { PIN_KINDS, PIN_STATUSES } from '../../schemas/index.ts';
import { call, PASSWORD } from '../support/live-server.ts';
import { contend, fewContests, manyContests, type Contest } from './contested.ts';
import { makeDataFolder, type DataFolder } from '../support/server-process.ts';

/** By how much is in it; `new` has no workspace yet, `sample` has the sample data. */
export type WorldName =
  | 'new'
  | 'sample'
  | 'empty'
  | 'three'
  | 'thousands'
  | 'contested'
  | 'contested by 300';

export interface World {
  readonly url: string;
  /** The cookie of somebody who has logged in; none where nobody can. */
  readonly cookie?: { readonly name: string; readonly value: string };
  /** Behind the # of the first start's address. */
  readonly code: string;
  /** Writes records of others into it. */
  readonly write: (collection: string, records: readonly object[]) => Promise<void>;
}

export interface Worlds {
  readonly of: (name: WorldName) => World;
  readonly end: () => Promise<void>;
}

const HOUR_MS = 3_600_000;
const MANY = 3_000;
const LONG =
  'Pumping station behind the third lock of the old canal, seen from the towpath after the second bridge when the water is low and nobody has moved the barge yet';
const RTL = 'محطة قياس المد والجزر عند الميناء القديم';

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();

const threePins = [
  { id: 'north-gate', title: 'North gate', position: { lat: 54.18, lng: 7.89 }, kind: 'site' },
  { id: 'canal', title: LONG, position: { lat: 52.37, lng: 4.9 }, kind: 'asset' },
  { id: 'harbour', title: RTL, position: { lat: 31.2, lng: 29.9 }, kind: 'sample' },
].map((pin, at) => ({ ...pin, status: PIN_STATUSES[at] ?? 'open', notes: at === 2 ? RTL : '' }));

const threeFeedings = [
  { feedingTime: hoursAgo(26), foodType: 'breast milk', amountMl: 120, notes: LONG },
  { feedingTime: hoursAgo(4.4), foodType: 'puree', amountMl: 60, notes: RTL },
  { feedingTime: hoursAgo(1.2), foodType: 'formula', amountMl: 90, notes: '' },
];

/** The sample differs from workspace to workspace; this is in all of them. */
const gauge = {
  id: 'tide-gauge',
  title: 'Rotterdam, Old tide gauge 7',
  position: { lat: 51.93, lng: 4.48 },
  kind: 'asset',
  status: 'in progress',
  notes: 'Ask for the caretaker, in before nine.',
};
const inspection = {
  id: 'tide-gauge-form',
  pin: gauge.id,
  template: 'Inspection',
  answers: { date: hoursAgo(50).slice(0, 10), 'filled in by': 'Jonas', condition: 'worn' },
};

const manyPins = (): readonly object[] => {
  const rows: Record<string, string>[] = parse(
    readFileSync('node_modules/vega-datasets/data/airports.csv'),
    { columns: true, to: MANY },
  );
  return rows.map((row, at) => ({
    title: row['name'],
    position: { lat: Number(row['latitude']), lng: Number(row['longitude']) },
    kind: PIN_KINDS[at % 7] ?? 'airport',
    status: PIN_STATUSES[at % 3],
    notes: '',
  }));
};

const manyFeedings = (): readonly object[] =>
  Array.from({ length: MANY }, (_, at) => ({
    feedingTime: hoursAgo(0.8 + at * 3.1),
    foodType: ['breast milk', 'formula', 'puree'][at % 3],
    amountMl: 60 + ((at * 7) % 13) * 10,
    notes: at % 9 === 0 ? 'Slept right after' : '',
  }));

interface Workspace {
  readonly workspace: string;
  readonly email: string;
}

const writer =
  (folder: DataFolder, { workspace, email }: Workspace): World['write'] =>
  async (collection, records) => {
    // Several scenes write at once.
    const file = join(folder.path, `${randomUUID()}.jsonl`);
    writeFileSync(file, records.map((record) => JSON.stringify(record)).join('\n'));
    const to = ['--email', email, '--workspace', workspace];
    const ids = records.every((record) => 'id' in record) ? ['--map', 'id=id'] : [];
    await folder.command('import', collection, file, ...to, ...ids);
  };

async function logIn(url: string, email: string): Promise<World['cookie']> {
  const answer = await call(url, undefined, '/api/session', { email, password: PASSWORD });
  const [name = '', value = ''] = (answer.headers.getSetCookie()[0] ?? '').split(/[=;]/);
  return { name, value };
}

async function withRecords(
  folder: DataFolder,
  url: string,
  place: Workspace & { readonly name: string },
  records: Readonly<Record<string, readonly object[]>>,
): Promise<World> {
  const { name, email, workspace } = place;
  await folder.command('workspace', 'create', '--name', workspace);
  const who = ['--email', email, '--name', name, '--workspace', workspace, '--role', 'owner'];
  await folder.command('user', 'add', ...who);
  const write = writer(folder, place);
  for (const [collection, some] of Object.entries(records)) await write(collection, some);
  const cookie = await logIn(url, email);
  return { url, code: '', write, ...(cookie ? { cookie } : {}) };
}

/** Somebody with a right-to-left name, and a member with a long one who wrote the same records. */
async function withContests(
  folder: DataFolder,
  url: string,
  place: Workspace & { readonly name: string },
  contests: readonly Contest[],
): Promise<World> {
  const world = await withRecords(folder, url, place, {});
  const email = `other-${place.email}`;
  const who = ['--email', email, '--name', 'Wilhelmina van den Heuvel-Oosterhout'];
  await folder.command('user', 'add', ...who, '--workspace', place.workspace, '--role', 'member');
  await contend(url, world.cookie, await logIn(url, email), contests);
  return world;
}

/** Made by the first start, as a newcomer makes it. */
async function withSample(folder: DataFolder, url: string, code: string): Promise<World> {
  const place = { workspace: 'Harbour survey', email: 'mara@example.org' };
  const fields = { ...place, name: 'Mara', password: PASSWORD, modules: ['map', 'care'] };
  await call(url, undefined, '/api/setup', { ...fields, code, sample: true });
  const cookie = await logIn(url, place.email);
  const Cookie = `${cookie?.name}=${cookie?.value}`;
  for (;;) {
    const { done, total } = (await call(url, undefined, '/api/sample', {}, { Cookie })).json();
    if (done === total) break;
  }
  await writer(folder, place)('pins', [gauge]);
  await writer(folder, place)('forms', [inspection]);
  const other = { workspace: place.workspace, email: 'jonas@example.org' };
  const who = ['--email', other.email, '--workspace', other.workspace, '--role', 'member'];
  await folder.command('user', 'add', '--name', 'Jonas', ...who);
  return { url, code, write: writer(folder, other), ...(cookie ? { cookie } : {}) };
}

export async function makeWorlds(): Promise<Worlds> {
  const folders = [makeDataFolder(), makeDataFolder()] as const;
  const end = async (): Promise<void> => {
    for (const folder of folders) await folder.remove();
  };
  try {
    const [fresh, used] = [await folders[0].serve(), await folders[1].serve()];
    const codeOf = async ({ firstStart }: typeof fresh) => (await firstStart()).split('#')[1] ?? '';
    const add = (
      workspace: string,
      email: string,
      name: string,
      records: Parameters<typeof withRecords>[3],
    ) => withRecords(folders[1], used.url, { workspace, email, name }, records);
    const worlds: Readonly<Record<WorldName, World>> = {
      new: { url: fresh.url, code: await codeOf(fresh), write: () => Promise.resolve() },
      sample: await withSample(folders[1], used.url, await codeOf(used)),
      empty: await add('Harbour', 'ada@example.org', 'Ada', {}),
      three: await add(
        'Water board of the northern islands and the mainland coast, third survey team',
        'nur@example.org',
        'نور الهدى بنت عبد الرحمن الساحلية',
        { pins: threePins, feedings: threeFeedings },
      ),
      thousands: await add('Airports', 'ken@example.org', 'Ken', {
        pins: manyPins(),
        feedings: manyFeedings(),
      }),
      contested: await withContests(
        folders[1],
        used.url,
        {
          workspace: 'Night ward',
          email: 'hala@example.org',
          name: 'نور الهدى بنت عبد الرحمن الساحلية',
        },
        fewContests,
      ),
      'contested by 300': await withContests(
        folders[1],
        used.url,
        { workspace: 'Day ward', email: 'ines@example.org', name: 'Ines' },
        manyContests,
      ),
    };
    return { of: (name) => worlds[name], end };
  } catch (cause) {
    await end();
    throw cause;
  }
}
