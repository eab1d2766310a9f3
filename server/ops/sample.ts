// Fills a workspace with sample data, one commit at a call, so that whoever waits sees how far it is
// and a broken connection costs nothing: the next call goes on where the last one ended.

import type { UserId, WorkspaceId } from '../../replication/core.ts';
import { seededRandom, type Random } from '../../schemas/index.ts';
import { change, create, read, SAMPLE } from '../auth/records.ts';
import type { Reader } from '../auth/reader.ts';
import { HttpProblem } from '../errors.ts';
import type { Core } from '../core.ts';
import type { IngestDocument } from './ingest.ts';

/** Documents of one collection, few enough for one commit. */
export interface SampleStep {
  readonly collection: string;
  readonly documents: readonly IngestDocument[];
}

interface SampleFor {
  readonly random: Random;
  /** Times in the sample are before this moment. */
  readonly nowMs: number;
  /** Whose workspace it is. */
  readonly user: UserId;
}

/** The same seed, moment and user give the same documents. */
export type Sample = (by: SampleFor) => readonly SampleStep[];

export interface SampleProgress {
  /** Documents. */
  readonly done: number;
  readonly total: number;
}

const count = (steps: readonly SampleStep[]): number =>
  steps.reduce((sum, { documents }) => sum + documents.length, 0);

interface Begun {
  readonly startedAtMs: number;
  readonly stepsDone: number;
}

/** Where the loading stands; begun here where the workspace is empty. */
async function begun({ store, now }: Core, workspace: WorkspaceId): Promise<Begun> {
  const known = await read(store, SAMPLE, workspace);
  if (known !== undefined) return known;
  if ((await store.head(workspace)).seq === 0)
    await store.writeRecords([create(SAMPLE, workspace, { startedAtMs: now(), stepsDone: 0 })]);
  // Also where it was not empty: another call may have begun in this moment.
  const after = await read(store, SAMPLE, workspace);
  if (after === undefined) throw new HttpProblem('not_empty');
  return after;
}

const seedOf = (workspace: WorkspaceId): number =>
  Number.parseInt(workspace.replaceAll('-', '').slice(-8), 16);

/**
 * Writes the next part of the sample. Once all is there, calls change nothing.
 *
 * @throws {HttpProblem} `forbidden` for anybody but an owner, `not_empty` where somebody has written
 * before the first call.
 */
export async function loadSampleStep(
  core: Core,
  sample: Sample,
  reader: Reader,
): Promise<SampleProgress> {
  if (reader.role !== 'owner' || reader.readOnly) throw new HttpProblem('forbidden');
  const { workspace, user } = reader;
  const known = await begun(core, workspace);
  const { startedAtMs, stepsDone } = known;
  const steps = sample({ random: seededRandom(seedOf(workspace)), nowMs: startedAtMs, user });
  const step = steps[stepsDone];
  const total = count(steps);
  if (step === undefined) return { done: total, total };
  const results = await core.ingest(reader, step.collection, step.documents);
  const refused = results.find(({ verdict }) => verdict === 'rejected');
  if (refused !== undefined)
    throw new Error(`Sample ${step.collection}/${refused.id}: ${refused.message ?? 'refused'}`);
  const next = { startedAtMs, stepsDone: stepsDone + 1 };
  // Refused where another call has written the same step, and perhaps more, meanwhile.
  await core.store.writeRecords([change(SAMPLE, workspace, known, next)]);
  return { done: count(steps.slice(0, next.stepsDone)), total };
}
