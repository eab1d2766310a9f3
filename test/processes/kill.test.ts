// `kill -9` under load, again and again: what was acknowledged is there, sequence numbers have no
// gap and no double, streams go on where they stopped. Kills come after a seeded number of answers.

import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../schemas/index.ts';
import type { StreamEvent, WireDocument } from '../../replication/index.ts';
import { collections } from '../../schemas/index.ts';
import { makeDevice } from '../support/device.ts';
import { readEvents, type EventReader } from '../support/event-reader.ts';
import { call } from '../support/live-server.ts';
import { SEED } from '../support/seed.ts';
import { makeDataFolder } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const KILLS = Number(process.env['HOLDFAST_KILLS'] ?? 30);
const WRITERS = 4;
const READERS = 2;
const { pins } = collections;
const folder = makeDataFolder();
afterAll(() => folder.remove());

const random = seededRandom(SEED);
const acknowledged = new Set<string>();
let pushes = 0;

/** Pushes batches of new pins until the server is gone, the last one again after each restart. */
class Writer {
  readonly #device;
  #made = 0;
  #unanswered: string | undefined;
  #ids: readonly string[] = [];
  constructor(index: number) {
    this.#device = makeDevice(`${index}`.repeat(10));
  }

  async write(url: string, key: string, onAnswer: () => void): Promise<void> {
    for (;;) {
      this.#unanswered ??= this.#batch();
      const answer = await call(url, key, '/api/sync/push', this.#unanswered).catch(
        () => undefined,
      );
      // Only the kill may end a writer.
      if (answer === undefined) return;
      expect(answer.status).toBe(200);
      const { results } = answer.json() as { results: { verdict: string }[] };
      expect(results.every(({ verdict }) => verdict === 'accepted')).toBe(true);
      for (const id of this.#ids) acknowledged.add(id);
      this.#unanswered = undefined;
      pushes += 1;
      onAnswer();
    }
  }

  #batch(): string {
    const rows = Array.from({ length: random.integer(1, 20) }, () => {
      const id = `${this.#device.id}-${(this.#made += 1)}`;
      const fields = {
        title: id,
        position: { lat: 0, lng: 0 },
        kind: 'site',
        status: 'open',
        notes: '',
      };
      return this.#device.row(pins, this.#device.make(pins, { id, ...fields }));
    });
    this.#ids = rows.map(({ doc }) => String(doc['id']));
    return JSON.stringify({ device: this.#device.id, schema: { pins: 0 }, rows });
  }
}

/** Follows the stream from where it stood before the last kill. */
class Follower {
  readonly revs = new Map<string, number>();
  position = 0;
  #checkpoint: string | undefined;
  #reader: EventReader | undefined;
  #taken = 0;

  async follow(url: string, key: string): Promise<void> {
    this.#taken = 0;
    this.#reader = await readEvents(`${url}/api/sync/stream?collections=pins`, {
      Authorization: `Bearer ${key}`,
      ...(this.#checkpoint === undefined ? {} : { 'Last-Event-ID': this.#checkpoint }),
    });
    expect(this.#reader.status).toBe(200);
  }

  take(): void {
    for (const { data, name } of this.#reader?.events.slice(this.#taken) ?? []) {
      this.#taken += 1;
      if (name !== '') continue;
      const event = JSON.parse(data) as StreamEvent;
      expect(event.from).toBeLessThanOrEqual(this.position);
      for (const doc of event.documents['pins'] ?? []) {
        expect(this.revs.has(String(doc['id']))).toBe(false);
        this.revs.set(String(doc['id']), doc.rev ?? 0);
      }
      this.position = event.to;
      this.#checkpoint = event.checkpoint;
    }
  }
}

async function everything(url: string, key: string): Promise<readonly WireDocument[]> {
  const documents: WireDocument[] = [];
  let checkpoint: string | null = null;
  for (let more = true; more;) {
    const answer = await call(url, key, '/api/sync/pull', { collections: { pins: checkpoint } });
    const { pins: page } = (
      answer.json() as {
        collections: { pins: { documents: WireDocument[]; checkpoint: string; more: boolean } };
      }
    ).collections;
    documents.push(...page.documents);
    ({ checkpoint, more } = page);
  }
  return documents;
}

function expectWholeHistory(documents: readonly WireDocument[]): void {
  const ids = new Set(documents.map((doc) => doc['id']));
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  const times = new Map<number, string>();
  for (const { rev = 0, updatedAt = '' } of documents) {
    expect(times.get(rev) ?? updatedAt).toBe(updatedAt);
    times.set(rev, updatedAt);
  }
  const revs = [...times.keys()].toSorted((left, right) => left - right);
  expect(revs).toEqual(Array.from({ length: revs.length }, (_, index) => index + 1));
}

describe('a server that is killed', () => {
  it(
    'keeps every acknowledged row, numbers commits without gap, and resumes streams',
    { timeout: 900_000 },
    async () => {
      const key = await folder.prepare();
      const writers = Array.from({ length: WRITERS }, (_, index) => new Writer(index + 1));
      const followers = Array.from({ length: READERS }, () => new Follower());
      for (let kill = 0; kill < KILLS; kill += 1) {
        const server = await folder.serve();
        for (const follower of followers) await follower.follow(server.url, key);
        expectWholeHistory(await everything(server.url, key));
        let answersLeft = random.integer(1, 40);
        let enough: () => void = () => undefined;
        const answered = new Promise<void>((resolve) => {
          enough = resolve;
        });
        const writing = writers.map((writer) =>
          writer.write(server.url, key, () => {
            answersLeft -= 1;
            if (answersLeft === 0) enough();
          }),
        );
        await answered;
        await server.kill('SIGKILL');
        await Promise.all(writing);
        for (const follower of followers) follower.take();
      }

      const server = await folder.serve();
      const documents = await everything(server.url, key);
      expectWholeHistory(documents);
      for (const follower of followers) {
        await follower.follow(server.url, key);
        await until(() => {
          follower.take();
          return follower.revs.size === documents.length;
        }, 'the follower to hold every document');
        for (const doc of documents) expect(follower.revs.get(String(doc['id']))).toBe(doc.rev);
      }
      await server.kill('SIGTERM');
      console.log(
        `${KILLS} kills, ${pushes} pushes acknowledged, ${documents.length} documents, seed ${SEED}`,
      );
    },
  );
});
