// Two servers as processes on one MongoDB, which a test may kill and start again.

import type { TestMongo } from './mongo.ts';
import { holdfast, serveHoldfast } from './holdfast-process.ts';
import { PASSWORD, WORKSPACE } from './live-server.ts';

export interface TwoServers {
  readonly urls: readonly [string, string];
  /** An owner's API key. */
  readonly key: string;
  /** Runs a command of the CLI on the database and returns what it printed to stdout. */
  readonly command: (...words: readonly string[]) => Promise<string>;
  /** Ends one of them with kill -9. */
  readonly kill: (which: 0 | 1) => Promise<void>;
  /** Starts it again at its address. */
  readonly restart: (which: 0 | 1) => Promise<void>;
  readonly stop: () => Promise<void>;
}

type Server = Awaited<ReturnType<typeof serveHoldfast>>;

/** @param name of a database that is still empty. */
export async function startTwoServers(mongo: TestMongo, name: string): Promise<TwoServers> {
  const mongoUrl = mongo.urlOf(name);
  const command = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await holdfast([...words, '--mongo', mongoUrl], {
      HOLDFAST_PASSWORD: PASSWORD,
    });
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`);
    return out;
  };
  const serve = (port: string): Promise<Server> =>
    serveHoldfast('unused', ['--mongo', mongoUrl, '--port', port]);
  const servers: [Server, Server] = [await serve('0'), await serve('0')];
  const end = async (which: 0 | 1): Promise<void> => {
    servers[which].child.kill('SIGKILL');
    await servers[which].ended;
  };
  const stop = async (): Promise<void> => {
    await end(0);
    await end(1);
  };
  const who = ['--email', 'ada@example.org', '--workspace', WORKSPACE];
  const prepare = async (): Promise<string> => {
    await command('workspace', 'create', '--name', WORKSPACE);
    await command('user', 'add', ...who, '--name', 'Ada', '--role', 'owner');
    return (await command('token', 'create', ...who)).trim();
  };
  const key = await prepare().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    urls: [servers[0].url, servers[1].url],
    key,
    command,
    kill: (which) => end(which),
    restart: async (which) => {
      servers[which] = await serve(new URL(servers[which].url).port);
    },
    stop,
  };
}
