// Compares what is here with what the server has, for everything that the member may see: a digest
// for each collection, and the ids that differ where two digests do.

import type { Lane } from '../feed/lane.ts';
import type { LocalOutbox } from '../outbox/outbox.ts';
import { MAX_EXCEPT, type CollectionDigest } from '../protocol/index.ts';
import { Digest } from '../verify/digest.ts';
import { isRecord } from './check.ts';
import type { Link } from './link.ts';
import type { Platform } from './platform.ts';
import type { Verified } from './types.ts';

export interface VerifyOptions {
  readonly lanes: readonly Lane[];
  readonly link: Link;
  readonly platform: Platform;
  readonly outbox: Pick<LocalOutbox, 'idsOf'>;
  readonly patienceMs: number;
}

const LOOK_AGAIN_MS = 10;
const UNREACHABLE = 'The server could not be reached, so nothing was compared. Try again online.';
const RESTLESS = 'The data change all the time, so nothing was compared. Try again in a moment.';

/**
 * Unsent documents are left out on both sides.
 *
 * @throws {Error} in words for people where the server can't be reached, or never stands still.
 */
export async function verify(options: VerifyOptions): Promise<readonly Verified[]> {
  const { platform, patienceMs } = options;
  const endMs = platform.now() + patienceMs;
  let why = UNREACHABLE;
  do {
    // One that is sending, or tries to, is not asked for what is new before that is done.
    for (const lane of options.lanes) if (!lane.up.isBusy) lane.pullSoon();
    if (!(await atRest(options, endMs))) break;
    const compared = await compareAll(options);
    if (compared === 'unreachable') why = UNREACHABLE;
    else if (compared === 'moved') why = RESTLESS;
    else return compared;
    await pause(platform);
  } while (platform.now() < endMs);
  throw new Error(why);
}

const pause = (platform: Platform): Promise<void> =>
  new Promise((resolve) => platform.after(LOOK_AGAIN_MS, resolve));

async function atRest({ lanes, platform, link }: VerifyOptions, endMs: number): Promise<boolean> {
  while (!link.isStopped && platform.now() < endMs) {
    if (lanes.every(({ restsAt }) => restsAt !== undefined)) return true;
    await pause(platform);
  }
  return false;
}

type Answer<T> = T | 'moved' | 'unreachable';

async function compareAll(options: VerifyOptions): Promise<Answer<readonly Verified[]>> {
  const { lanes, outbox } = options;
  const asked = new Map(
    lanes.map((lane) => [lane, outbox.idsOf(lane.collection.name).slice(0, MAX_EXCEPT)]),
  );
  const theirs = await ask(options, asked);
  if (typeof theirs === 'string') return theirs;
  const compared: Verified[] = [];
  for (const [lane, except] of asked) {
    const { name: collection } = lane.collection;
    const mine = await digestHere(lane, new Set(except));
    const given = theirs.get(collection);
    const equal = given?.digest === mine.text && given.count === mine.count;
    const differences = equal ? NONE : await namesOf(options, lane, except);
    if (typeof differences === 'string') return differences;
    // Written or received meanwhile: what was read does not belong together.
    const unsent = new Set(outbox.idsOf(lane.collection.name));
    if (except.some((id) => !unsent.has(id)) || unsent.size !== except.length) return 'moved';
    compared.push({ collection, equal, ...differences });
  }
  return lanes.every(({ restsAt }) => restsAt !== undefined) ? compared : 'moved';
}

type Differences = Pick<Verified, 'missing' | 'extra' | 'different'>;
const NONE: Differences = { missing: [], extra: [], different: [] };

async function ask(
  { link }: Pick<VerifyOptions, 'link'>,
  asked: ReadonlyMap<Lane, readonly string[]>,
  after?: number,
): Promise<Answer<ReadonlyMap<string, CollectionDigest>>> {
  const collections = Object.fromEntries(
    [...asked].map(([lane, except]) => [lane.collection.name, { except }]),
  );
  const body = JSON.stringify({ collections, ...(after === undefined ? {} : { after }) });
  const reply = await link.post('/api/sync/digest', body);
  if (!reply.ok)
    return reply.failure.kind === 'refused' && reply.failure.status === 503
      ? 'moved'
      : 'unreachable';
  const { value } = reply;
  if (!isRecord(value) || !isRecord(value['collections'])) return 'unreachable';
  const isHere = [...asked.keys()].every(({ restsAt }) => restsAt === value['upTo']);
  if (!isHere) return 'moved';
  return new Map(
    Object.entries(value['collections'] as Readonly<Record<string, CollectionDigest>>),
  );
}

async function digestHere(lane: Lane, except: ReadonlySet<string>): Promise<Digest> {
  const digest = new Digest();
  await scanLive(lane, except, (id, rev) => digest.add(id, rev));
  return digest;
}

async function scanLive(
  lane: Lane,
  except: ReadonlySet<string>,
  see: (id: string, rev: number) => void,
): Promise<void> {
  await lane.port?.scan((documents) => {
    for (const document of documents) {
      const id = lane.idOf(document);
      const { _deleted, rev = 0 } = document;
      // Without a rev the server has never had it.
      if (_deleted !== true && rev > 0 && !except.has(id)) see(id, rev);
    }
  });
}

async function namesOf(
  options: VerifyOptions,
  lane: Lane,
  except: readonly string[],
): Promise<Answer<Differences>> {
  const here = new Map<string, number>();
  await scanLive(lane, new Set(except), (id, rev) => here.set(id, rev));
  const missing: string[] = [];
  const different: string[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = await ask(options, new Map([[lane, except]]), after);
    if (typeof page === 'string') return page;
    const { versions = [], next } = page.get(lane.collection.name) ?? {};
    for (const [id, rev] of versions) {
      const known = here.get(id);
      if (known === undefined) missing.push(id);
      else if (known !== rev) different.push(id);
      here.delete(id);
    }
    after = next;
  }
  return { missing, extra: [...here.keys()], different };
}
