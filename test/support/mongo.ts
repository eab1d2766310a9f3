// A MongoDB for one test file: its own server in a temporary folder, or the one that is named in
// HOLDFAST_MONGO_URL. Every test takes a database of its own.

import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { findMongo } from './mongo.mjs';
import { until } from './until.ts';

export interface Failure {
  readonly failCommands: readonly string[];
  readonly errorCode?: number;
  readonly errorLabels?: readonly string[];
  readonly closeConnection?: boolean;
}

export interface TestMongo {
  /** Whether it is a real one, whose plans and limits mean something. */
  readonly isReal: boolean;
  /** The address of a database: the same for the same name. */
  readonly urlOf: (name: string) => string;
  /** Whether nobody else uses the server: only then may a test let it fail, or kill it. */
  readonly isOwn: boolean;
  /**
   * Arms `failCommand`: so many of the next commands of these names fail in this way. The call that it
   * gives back ends that and says how many have failed.
   */
  readonly failNext: (times: number, how: Failure) => Promise<() => Promise<number>>;
  /** Ends the server with kill -9. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same data and port. */
  readonly restart: () => Promise<void>;
  /** Ends the server, or drops the databases of a server that others use too. */
  readonly stop: () => Promise<void>;
}

/** @throws {Error} where there is none: tests that need one are only run where `findMongo` has one. */
export async function startMongo(): Promise<TestMongo> {
  const found = findMongo();
  if (found === undefined) throw new Error('There is no MongoDB on this machine.');
  return found.kind === 'running' ? shared(found.url) : own(found.kind, found.program);
}

function shared(url: string): TestMongo {
  const run = `holdfast-test-${randomBytes(4).toString('hex')}`;
  const names = new Set<string>();
  return {
    isReal: true,
    isOwn: false,
    failNext: notOurs,
    kill: notOurs,
    restart: notOurs,
    urlOf: (name) => {
      const database = `${run}-${name}`;
      names.add(database);
      return url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*/, `$1/${database}`);
    },
    stop: () =>
      withClient(url, async (client) => {
        for (const name of names) await client.db(name).dropDatabase();
      }),
  };
}

const notOurs = (): Promise<never> =>
  Promise.reject(new Error('A test lets no server fail that others use too.'));

const SET = 'holdfast';

async function own(kind: 'mongod' | 'secantus', program: string): Promise<TestMongo> {
  for (let tries = 0; tries < 5; tries += 1) {
    const started = await ownAt(await freePort(), kind, program);
    if (started !== undefined) return started;
  }
  throw new Error(`${program} ends as soon as it is started.`);
}

/** Nothing where something else has taken the port meanwhile. */
async function ownAt(
  port: number,
  kind: 'mongod' | 'secantus',
  program: string,
): Promise<TestMongo | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-mongo-'));
  const isReal = kind === 'mongod';
  const args = ['--port', `${port}`, ...(isReal ? mongodArgs(folder) : secantusArgs(folder))];
  const direct = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  let child: ChildProcess | undefined;
  const kill = (): Promise<void> => ended(child);
  const atExit = (): void => void child?.kill('SIGKILL');
  process.once('exit', atExit);
  /** Resolves to whether it runs: without its port it ends at once. */
  const start = async (): Promise<boolean> => {
    const begun = spawn(program, args, { stdio: 'ignore' });
    child = begun;
    const state = async (): Promise<'ended' | 'runs' | false> => {
      const answers = await isPrimary(direct, port, isReal);
      if (begun.exitCode !== null) return 'ended';
      return answers && 'runs';
    };
    return (await until(state, 'a MongoDB that answers', 60_000)) === 'runs';
  };
  const restart = async (): Promise<void> => {
    while (!(await start()));
  };
  const stop = async (): Promise<void> => {
    process.off('exit', atExit);
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (!(await start())) {
      await stop();
      return undefined;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  // A fail point that speaks of a lost primary changes no state, of which a watching driver would hear.
  const urlOf = (name: string): string =>
    `mongodb://127.0.0.1:${port}/${name}?serverMonitoringMode=poll`;
  return { isReal, isOwn: true, urlOf, failNext: failNextAt(direct), kill, restart, stop };
}

const mongodArgs = (folder: string): readonly string[] => [
  '--dbpath',
  folder,
  '--replSet',
  SET,
  '--bind_ip',
  '127.0.0.1',
  '--nounixsocket',
  '--setParameter',
  'enableTestCommands=1',
];

const secantusArgs = (folder: string): readonly string[] => [
  '--storage-path',
  folder,
  '--sync-on-commit',
  '--enable-test-commands',
];

/** Whether it answers as a primary; a mongod that was just started is told to become one. */
const isPrimary = (url: string, port: number, isReal: boolean): Promise<boolean> =>
  withClient(url, async (client) => {
    const admin = client.db('admin');
    if (isReal) {
      const config = { _id: SET, members: [{ _id: 0, host: `127.0.0.1:${port}` }] };
      await admin.command({ replSetInitiate: config }).catch(() => undefined);
    }
    return (await admin.command({ hello: 1 }))['isWritablePrimary'] === true;
  }).catch(() => false);

/** A command that nothing else sends: each one that fails was left over for it. */
const PROBE = 'dbStats';

const failNextAt =
  (url: string): TestMongo['failNext'] =>
  async (times, how) => {
    const mode = times === 0 ? 'off' : { times };
    const data = { ...how, failCommands: [...how.failCommands, PROBE] };
    const command = { configureFailPoint: 'failCommand', mode, data };
    const send = (command: object): Promise<boolean> =>
      withClient(url, (client) => client.db('admin').command(command)).then(() => true);
    await send(command);
    return async () => {
      let left = 0;
      while (left < times && !(await send({ [PROBE]: 1 }).catch(() => false))) left += 1;
      return times - left;
    };
  };

async function withClient<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 2_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGKILL');
  await end;
}

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
