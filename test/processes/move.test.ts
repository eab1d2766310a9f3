// A whole store moves from one data folder to another: devices go on from their checkpoints, with
// their unsent work, and keys and sessions stay what they were.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { seededRandom } from '../../schemas/index.ts';
import { holdfast, startHoldfast } from '../support/holdfast-process.ts';
import { importAirports, moveBetweenVisits, type Ends } from '../support/move.ts';
import { SEED } from '../support/seed.ts';
import { makeDataFolder, type DataFolder } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const KILLS = Number(process.env['HOLDFAST_KILLS'] ?? 30) / 5;
const random = seededRandom(SEED);
const ends: Ends = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});
const makeFolder = (): DataFolder => {
  const folder = makeDataFolder();
  ends.push(() => folder.remove());
  return folder;
};

it('a client goes on from its checkpoint, and its unsent work arrives once', async () => {
  const next = makeFolder();
  const file = await moveBetweenVisits(ends, makeFolder(), next);
  // The new server has gone on since: that is no longer what the file has.
  const { code, out } = await next.run('verify', '--against', file);
  expect(code).toBe(1);
  expect(out).toContain('Test: documents of pins: 3378 in the file, 3380 in the data.\n');
});

it('a move is refused with a sentence where it would do harm, and changes nothing', async () => {
  const [full, empty] = [makeFolder(), makeFolder()];
  await full.prepare();
  const file = join(full.path, 'everything.jsonl');
  const refusal = async (folder: DataFolder, ...words: string[]): Promise<string> => {
    const { code, err } = await holdfast([...words, '--data', folder.path]);
    expect(code).toBe(1);
    return err;
  };
  const server = await full.serve();
  expect(await refusal(full, 'export', '--all', file)).toContain('Stop it first');
  await server.kill('SIGTERM');
  expect(existsSync(file)).toBe(false);

  const said = await full.command('export', '--all', file);
  expect(said).toContain('keep the file to yourself');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(full.path).toSorted()).toEqual(['everything.jsonl', 'holdfast.sqlite']);
  const packed = join(full.path, 'everything.jsonl.gz');
  await full.command('export', '--all', packed);
  expect(gunzipSync(readFileSync(packed)).equals(readFileSync(file))).toBe(true);
  expect(await refusal(full, 'export', '--all', file)).toContain('is there already');
  expect(await refusal(full, 'import', '--all', file)).toContain('Nothing was changed');

  const broken = join(empty.path, 'broken.jsonl');
  const text = readFileSync(file, 'utf8');
  for (const [content, sentence] of [
    [text.replace('"Ada"', '"Eve"'), 'something in it was changed'],
    [text.slice(0, text.length / 2), /cut off|changed/],
  ] as const) {
    writeFileSync(broken, content);
    expect(await refusal(empty, 'import', '--all', broken)).toMatch(sentence);
  }
  writeFileSync(`${broken}.gz`, readFileSync(packed).subarray(0, 300));
  expect(await refusal(empty, 'import', '--all', `${broken}.gz`)).toContain('was cut off');
  expect(await refusal(empty, 'import', '--all', 'nowhere')).toContain('cannot be read (ENOENT)');
  expect(await refusal(empty, 'import', 'pins', '--all', file)).toContain('cannot be used with');
  expect(await refusal(empty, 'import', 'pins')).toContain("missing required argument 'file'");
  expect(await refusal(empty, 'import', 'pins', file)).toContain("option '--email <email>'");
  expect(readdirSync(empty.path).toSorted()).toEqual(['broken.jsonl', 'broken.jsonl.gz']);
  const running = await empty.serve();
  expect(await refusal(empty, 'import', '--all', file)).toContain('Stop it first');
  await running.kill('SIGTERM');
});

it('an import for which the disk has no room says so, and leaves nothing', async () => {
  const [old, next] = [makeFolder(), makeFolder()];
  await old.prepare();
  await importAirports(old);
  const file = join(old.path, 'everything.jsonl');
  await old.command('export', '--all', file);
  const command = [
    process.execPath,
    'server/bin.mjs',
    'import',
    '--all',
    file,
    '--data',
    next.path,
  ];
  const limited = ['-c', 'ulimit -f 1000; exec "$@"', 'limited', ...command];
  await expect(promisify(execFile)('bash', limited)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The database failed: ') as string,
  });
  await next.command('import', '--all', file);
  expect(await next.command('verify', '--against', file)).toContain('The same is in');
});

it(
  'an import that is killed leaves nothing, and the next one works',
  { timeout: 300_000 },
  async () => {
    const old = makeFolder();
    await old.prepare();
    await importAirports(old);
    const file = join(old.path, 'everything.jsonl');
    await old.command('export', '--all', file);
    const done: number[] = [];
    let whole = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const next = makeFolder();
      const journal = join(next.path, 'holdfast.sqlite-wal');
      const sizeBytes = (): number => statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
      // Every other one early: late ones may have ended by themselves.
      const enough = random.integer(1, kill % 2 === 0 ? 250_000 : 2_500_000);
      const running = startHoldfast(['import', '--all', file, '--data', next.path]);
      await until(() => sizeBytes() >= enough || running.child.exitCode !== null, 'its journal');
      running.child.kill('SIGKILL');
      await running.ended;
      done.push(sizeBytes());
      const { code, out } = await holdfast(['verify', '--against', file, '--data', next.path]);
      whole += code === 0 ? 1 : 0;
      if (code === 0) continue;
      expect(out).toContain('Test: documents of pins: 3376 in the file, 0 in the data.');
      expect(out).toContain('records of the kind "user": 1 in the file, 0 in the data.');
      await next.command('import', '--all', file);
      expect(await next.command('verify', '--against', file)).toContain('The same is in');
    }
    console.log(`killed at ${done.join(', ')} bytes of journal; ${whole} were done; seed ${SEED}`);
    expect(whole).toBeLessThan(KILLS);
  },
);
