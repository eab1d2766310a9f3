// Which processes use the database, and by which sessions they lock it. A transaction of a killed
// process would keep its workspace locked until MongoDB gives it up, by default a minute later. So
// every process shows that it lives, and the others end the transactions of those that do not.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Collection, MongoClient } from 'mongodb';
import { BY_ID, type ProcessRow } from './rows.ts';

export interface Processes {
  /** Before a session locks anything: lets others end its transaction if this process cannot. */
  readonly register: (session: ClientSession) => Promise<void>;
  /** Whether another one lives. Where one has been killed a short while ago, that takes a little. */
  readonly othersLive: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/**
 * Beats without a sign. One that only stood still loses no more than a transaction, which MongoDB then
 * refuses to commit and the process begins again.
 */
const SILENT_BEATS = 3;

export async function openProcesses(
  client: MongoClient,
  rows: Collection<ProcessRow>,
  beatMs: number,
): Promise<Processes> {
  const _id = randomUUID();
  const sessions = new Map<string, ProcessRow['sessions'][number]>();
  const stopped = new AbortController();

  const beat = async (): Promise<void> => {
    const change = {
      $inc: { beats: 1 },
      $addToSet: { sessions: { $each: [...sessions.values()] } },
    };
    await rows.updateOne({ _id }, change, { upsert: true });
  };
  const look = looker(client, rows, _id);
  const live = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await delay(beatMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      // Where the database is away, nobody's signs are seen, and nobody is taken for dead.
      await beat()
        .then(look)
        .catch(() => undefined);
    }
  };
  await beat();
  const living = live();
  return {
    register: async (session) => {
      const id = session.id?.id;
      const name = id?.toString('hex');
      if (id === undefined || name === undefined || sessions.has(name)) return;
      await rows.updateOne({ _id }, { $addToSet: { sessions: id } }, { upsert: true });
      sessions.set(name, id);
    },
    othersLive: () => anyLives(rows, _id, beatMs),
    stop: async () => {
      stopped.abort();
      await living;
      await rows.deleteOne({ _id }).catch(() => undefined);
    },
  };
}

const othersIn = (rows: Collection<ProcessRow>, own: string): Promise<readonly ProcessRow[]> =>
  rows.find({ _id: { $ne: own } }, { hint: BY_ID }).toArray();

/** A sign since the first look is one of life. */
async function anyLives(
  rows: Collection<ProcessRow>,
  own: string,
  beatMs: number,
): Promise<boolean> {
  const first = await othersIn(rows, own);
  const beatsBefore = new Map(first.map(({ _id, beats }) => [_id, beats]));
  const untilMs = performance.now() + (SILENT_BEATS + 1) * beatMs;
  for (let others = first; others.length > 0; others = await othersIn(rows, own)) {
    if (others.some(({ _id, beats }) => beatsBefore.get(_id) !== beats)) return true;
    if (performance.now() > untilMs) return false;
    await delay(beatMs / 4);
  }
  return false;
}

/** Ends the transactions of processes that have given no sign for several looks. */
function looker(
  client: MongoClient,
  rows: Collection<ProcessRow>,
  own: string,
): () => Promise<void> {
  let seen = new Map<string, { readonly beats: number; readonly silent: number }>();

  return async () => {
    const others = await othersIn(rows, own);
    const now: typeof seen = new Map();
    for (const { _id, beats, sessions } of others) {
      const before = seen.get(_id);
      const silent = before?.beats === beats ? before.silent + 1 : 0;
      now.set(_id, { beats, silent });
      if (silent < SILENT_BEATS) continue;
      if (sessions.length > 0)
        await client.db('admin').command({ killSessions: sessions.map((id) => ({ id })) });
      await rows.deleteOne({ _id, beats });
    }
    seen = now;
  };
}
