// Files of documents: what of them goes in, and what is said about the rest.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { throughCore } from '../../server/cli/data-access.ts';
import { importFile } from '../../server/cli/import.ts';
import { rowId } from '../../server/cli/import/row-id.ts';
import { collections } from '../../schemas/index.ts';
import { call, startLiveServer, WORKSPACE, type LiveServer } from '../support/live-server.ts';

let live: LiveServer;
let directory: string;
let key: string;
const said = { out: '', err: '' };

beforeEach(async () => {
  live = await startLiveServer();
  key = await live.keyFor('ada');
  directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  said.out = said.err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) =>
    Boolean((said.out += String(text))),
  );
  vi.spyOn(process.stderr, 'write').mockImplementation((text) =>
    Boolean((said.err += String(text))),
  );
});
afterEach(async () => {
  vi.restoreAllMocks();
  await live.stop();
  await rm(directory, { recursive: true });
});

interface Options {
  readonly collection?: string;
  readonly name?: string;
  readonly map?: readonly string[];
  readonly set?: readonly string[];
  readonly email?: string;
}

async function load(text: string, options: Options = {}): Promise<boolean> {
  const file = join(directory, options.name ?? 'rows.csv');
  await writeFile(file, text);
  return importFile(throughCore(live.server.core), Object.values(collections), {
    collection: 'pins',
    email: 'ada@example.org',
    workspace: WORKSPACE,
    ...options,
    file,
  });
}

const stored = async (collection = 'pins'): Promise<readonly Record<string, unknown>[]> => {
  const answer = await call(live.url, key, `/rxdb/${collection}/0/pull`);
  return answer.json()['documents'] as Record<string, unknown>[];
};

const MAP = ['title=name', 'position.lat=lat', 'position.lng=lng'];
const SET = ['kind=airport', 'status=open'];
const HEADER = 'name,lat,lng,notes\n';

describe('a CSV file', () => {
  it('becomes documents: columns mapped, values set, texts turned into numbers', async () => {
    expect(await load(`${HEADER}"Gate, ""A""",1.5,-2,near\nB,3,4,\n`, { map: MAP, set: SET })).toBe(
      true,
    );
    expect(await stored()).toMatchObject([
      {
        title: 'Gate, "A"',
        position: { lat: 1.5, lng: -2 },
        kind: 'airport',
        status: 'open',
        notes: 'near',
      },
      { title: 'B', position: { lat: 3, lng: 4 }, notes: '' },
    ]);
    expect(said.out).toBe('2 rows read, 2 imported, 0 refused\n');
  });

  it('gives its good rows and a list of the others by line', async () => {
    const rows = [
      'good,1,2,',
      'north of the pole,91,2,',
      'no number,x,2,',
      'too few,1',
      '',
      ',1,2,no title',
      'two\nlines",1,2,',
      '"quoted" wrongly,1,2,',
      '"over\ntwo lines",5,6,',
      'good too,3,4,',
    ];
    expect(await load(HEADER + rows.join('\n'), { map: MAP, set: SET })).toBe(false);
    const list = said.err.split('\n').filter((line) => line.startsWith('line '));
    expect(list.map((line) => line.split(':')[0])).toEqual([
      'line 3',
      'line 4',
      'line 5',
      'line 7',
      'line 8',
      'line 9',
      'line 10',
    ]);
    expect(list[0]).toBe('line 3: "position.lat" is more than 90; column "lat" has "91".');
    expect(list[1]).toBe('line 4: "position.lat" is not a number; column "lat" has "x".');
    expect(list[2]).toContain('2 values where the header has 4 columns');
    const titles = (await stored()).map(({ title }) => title);
    expect(titles).toEqual(['good', 'over\ntwo lines', 'good too']);
    expect(said.out).toContain('10 rows read, 3 imported, 7 refused');
  });

  it('is told where a value that does not fit stands, in few words and lines', async () => {
    const rows = Array.from({ length: 8 }, (_, index) => `Pin,${91 + index},2,`);
    await load(`${HEADER}${rows.join('\n')}\nPin,1,2,\n,1,2,\n${'x'.repeat(500)},1,2,\n`, {
      map: MAP,
      set: SET,
    });
    expect(said.err.split('\n').filter((line) => line.startsWith('line'))).toEqual([
      'lines 2 to 9: "position.lat" is more than 90; column "lat" has "91" in line 2.',
      expect.stringMatching(/^line 11: "title" is empty; column "name" has ""\.$/),
      expect.stringMatching(/^line 12: "title" has more .*; column "name" has "x{59}…\.$/),
    ]);
    said.err = '';
    await load(`${HEADER}Pin,1,2,\n`, { map: MAP, set: ['kind=port', 'status=open'] });
    expect(said.err).toMatch(/"kind" is none of .*; --set kind is "port"\.\n/);
  });

  it('loses only the line of a quote that is never closed', async () => {
    const rows = ['good,1,2,', 'bad,"1,2,', 'also,3,4,', 'bad again,"1,2', '"fine",5,6,'];
    await load(HEADER + rows.join('\n'), { map: MAP, set: SET });
    expect((await stored()).map(({ title }) => title)).toEqual(['good', 'also', 'fine']);
    expect(said.err).toMatch(/line 3: It is not valid CSV: .*\nline 5: It is not valid CSV: /);
  });

  it('changes nothing when it is imported again', async () => {
    const text = `${HEADER}A,1,2,\nB,3,4,\n`;
    await load(text, { map: MAP, set: SET });
    const before = await stored();
    said.out = '';
    expect(await load(text, { map: MAP, set: SET })).toBe(true);
    expect(await stored()).toEqual(before);
    expect(said.out).toBe('2 rows read, 0 imported, 2 already there, 0 refused\n');
  });

  it('may have a byte order mark, semicolons and Windows line ends', async () => {
    const text = '\uFEFFtitle;position.lat;position.lng\r\nA;1;2\r\n';
    expect(await load(text, { set: SET })).toBe(true);
    expect(await stored()).toMatchObject([{ title: 'A', position: { lat: 1, lng: 2 } }]);
  });

  it('may be longer than one commit', async () => {
    const rows = Array.from({ length: 2_100 }, (_, index) => `Pin ${index},1,2,`);
    await load(HEADER + rows.join('\n'), { map: MAP, set: SET });
    expect(said.out).toBe('2,100 rows read, 2,100 imported, 0 refused\n');
    expect(said.err).toContain('100%, 2,100 rows\n');
  });

  it('cannot reach into objects through the names of its columns', async () => {
    const text = '__proto__,title,constructor\nx,A,y\n';
    await load(text, { map: ['notes=__proto__', 'position.lat=toString'], set: SET }).catch(String);
    expect(await stored()).toEqual([]);
    expect(
      await load(text, { map: ['notes=__proto__'], set: [...SET, 'position={"lat":1,"lng":2}'] }),
    ).toBe(true);
    expect(await stored()).toMatchObject([{ title: 'A', notes: 'x' }]);
  });
});

describe('times, flags and ids', () => {
  it('are read in the usual forms, but never guessed', async () => {
    const times = ['2026-01-31T09:30:00+02:00', '2026-01-31', '2026-01-31 09:30', '31.1.2026'];
    const rows = times.map((time) => `${time},water,10`).join('\n');
    await load(`feedingTime,foodType,amountMl\n${rows}\n`, { collection: 'feedings' });
    expect((await stored('feedings')).map(({ feedingTime }) => feedingTime)).toEqual([
      '2026-01-31T07:30:00.000Z',
      '2026-01-31T00:00:00.000Z',
    ]);
    expect(said.err).toMatch(/line 4: "feedingTime".*\nline 5: "feedingTime"/);
  });

  it('take the id from a column only where that is asked for', async () => {
    const text = 'id,name,lat,lng\nown-1,A,1,2\n';
    await load(text, { map: MAP, set: SET });
    await load(text, { map: [...MAP, 'id=id'], set: SET });
    const ids = (await stored()).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe('own-1');
  });

  it('made of a digest and a line differ for each and rise with the line', () => {
    const ids = [1, 2, 255, 256, 4_096, 1_000_000].map((line) => rowId('ab'.repeat(32), line));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    expect(rowId('ab'.repeat(32), 1)).not.toBe(rowId('cd'.repeat(32), 1));
  });
});

describe('a JSON file', () => {
  const pin = (title: unknown) => ({
    properties: { title },
    position: { lat: 1, lng: 2 },
    extra: 1,
  });

  it('may be a list, also of nested objects', async () => {
    const items = [pin('A'), 'no object', pin(7), null, pin(undefined)];
    const map = ['title=properties.title'];
    await load(JSON.stringify(items), { name: 'rows.json', map, set: SET });
    expect((await stored()).map(({ title }) => title)).toEqual(['A', '7']);
    expect(said.err).toContain('item 2: It is not a JSON object.');
    expect(said.err).toContain('item 5: "title" is missing.');
  });

  it('may have one object on each line', async () => {
    const lines = [JSON.stringify(pin('A')), '{"broken":', '', JSON.stringify(pin('B'))];
    await load(lines.join('\r\n'), {
      name: 'rows.jsonl',
      map: ['title=properties.title'],
      set: SET,
    });
    expect((await stored()).map(({ title }) => title)).toEqual(['A', 'B']);
    expect(said.err).toContain('line 2: It is not valid JSON.');
  });
});

describe('nothing is imported, with a sentence that helps,', () => {
  const cases: readonly (readonly [string, string, Options, string])[] = [
    ['into an unknown collection', HEADER, { collection: 'pinz' }, 'There are: messages'],
    ['for an unknown field', HEADER, { map: ['titel=name'] }, 'Its fields: title, position.lat'],
    ['for a reserved field', HEADER, { set: ['rev=9'] }, 'no field "rev"'],
    ['for an unknown column', HEADER, { map: ['title=nome'] }, 'Its columns: name, lat'],
    ['for a mapping without a column', HEADER, { map: ['title'] }, 'no FIELD=COLUMN'],
    ['with two columns of one name', 'a,a\n1,2\n', {}, 'Two columns are called "a"'],
    ['from broken JSON', '[{]', { name: 'x.json' }, 'not valid JSON'],
    [
      'by somebody unknown',
      `${HEADER}A,1,2,\n`,
      { map: MAP, set: SET, email: 'x@y.z' },
      'no member',
    ],
  ];
  it.each(cases)('%s', async (_name, text, options, sentence) => {
    await expect(load(text, options)).rejects.toThrow(sentence);
    expect(await stored()).toEqual([]);
  });

  it('by somebody unknown, before the file is looked at', async () => {
    const access = throughCore(live.server.core);
    const job = { collection: 'pins', workspace: WORKSPACE, file: join(directory, 'none.csv') };
    const known = Object.values(collections);
    await expect(importFile(access, known, { ...job, email: 'x@y.z' })).rejects.toThrow(
      'x@y.z is no member of "Test".',
    );
    await expect(importFile(access, known, { ...job, email: 'ada@example.org' })).rejects.toThrow(
      'cannot be read (ENOENT)',
    );
  });

  it('by a viewer, row by row', async () => {
    await live.keyFor('vic', { role: 'viewer' });
    const options = { map: MAP, set: SET, email: 'vic@example.org' };
    expect(await load(`${HEADER}A,1,2,\n`, options)).toBe(false);
    expect(said.err).toContain('line 2: You may look at this but not change it.');
  });

  it('from an empty file', async () => {
    expect(await load('')).toBe(false);
    expect(said.out).toBe('0 rows read, 0 imported, 0 refused\n');
  });
});
