// Live fan-out. Readers with the same rights and collections form a group: an event is put together
// once per group, and once more for each member who alone sees a part of it. A group is served from memory only with what follows
// what it was sent last; a reader that is behind reads from the store until it has caught up.

import type { Collection } from '../../schemas/index.ts';
import { HEARTBEAT_MS, STREAM_EVENTS, type Seq, type WorkspaceId } from '../../replication/core.ts';
import { mayRead, projectPage, type Viewer } from '../auth/project.ts';
import { MAX_STREAMS, MAX_STREAMS_EACH } from '../config.ts';
import type { Change, CommitNotice, Head, PageRequest, Store } from '../store/port/port.ts';
import { scopeVersion } from './checkpoint.ts';
import type { Framing, StreamRequest } from './reader.ts';
import { personalKeys, visibleTexts } from './visible.ts';

const BYE = `event: ${STREAM_EVENTS.bye}\ndata: {}\n\n`;
const RESYNC = `event: ${STREAM_EVENTS.resync}\ndata: {}\n\n`;
const MAX_UNSENT_BYTES = 1024 * 1024;
/** For what nobody announces: sessions that end by themselves. */
const RIGHTS_CHECK_MS = 5 * 60_000;
const CATCH_UP_PAGE = 500;

interface Group {
  readonly workspace: WorkspaceId;
  readonly viewer: Viewer;
  readonly scope: string;
  readonly epoch: Head['epoch'];
  readonly floor: Seq;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly framing: Framing;
  readonly readers: Set<StreamRequest>;
  /** Everything up to here was sent to all readers of the group, or was not for them. */
  position: Seq;
}

export interface HubOptions {
  readonly store: Store;
  readonly onError: (error: unknown) => void;
  readonly onCount?: (open: number) => void;
}

export class Hub {
  readonly #options: HubOptions;
  readonly #groups = new Map<string, Group>();
  readonly #readers = new Set<StreamRequest>();
  /** The newest seq heard of, for each workspace. */
  readonly #seen = new Map<WorkspaceId, Seq>();
  /** How many bytes each reader had taken at the last heartbeat. */
  readonly #taken = new WeakMap<StreamRequest, number>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #stopListening: () => void;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#stopListening = options.store.onCommit((notice) => {
      this.#onCommit(notice);
    });
    this.#timers = [
      setInterval(() => {
        for (const reader of this.#readers) this.#beat(reader);
      }, HEARTBEAT_MS),
      setInterval(() => {
        this.recheck();
      }, RIGHTS_CHECK_MS),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** Whether one more stream of this session or key may be opened. */
  hasRoomFor(credential: string): boolean {
    let own = 0;
    for (const reader of this.#readers) if (reader.credential === credential) own += 1;
    return own < MAX_STREAMS_EACH && this.#readers.size < MAX_STREAMS;
  }

  /** Serves a stream whose headers have been written, until it ends. */
  open(reader: StreamRequest): void {
    if (this.#closed) {
      reader.response.end(BYE);
      return;
    }
    this.#readers.add(reader);
    this.#options.onCount?.(this.#readers.size);
    reader.response.on('close', () => {
      this.#drop(reader);
    });
    this.#settle(this.#catchUp(reader, reader.position), reader);
    // Its rights may have changed since it asked, before it was here to be asked about.
    this.#settle(this.#recheck(reader), reader);
  }

  /** Asks of every stream whether its reader may still read. */
  recheck(): void {
    for (const reader of this.#readers) this.#settle(this.#recheck(reader), reader);
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    for (const timer of this.#timers) clearInterval(timer);
    for (const { response } of this.#readers) if (!response.writableEnded) response.end(BYE);
  }

  #settle(work: Promise<void>, reader: StreamRequest): void {
    work.catch((error: unknown) => {
      this.#options.onError(error);
      reader.response.destroy();
    });
  }

  async #recheck(reader: StreamRequest): Promise<void> {
    if (!(await reader.stillAllowed())) reader.response.end();
  }

  #drop(reader: StreamRequest): void {
    this.#readers.delete(reader);
    this.#options.onCount?.(this.#readers.size);
    const key = groupKey(reader);
    const group = this.#groups.get(key);
    group?.readers.delete(reader);
    if (group?.readers.size === 0) this.#groups.delete(key);
  }

  #write({ response }: StreamRequest, frame: string): void {
    if (!response.destroyed && !response.writableEnded) response.write(frame);
  }

  /** A sign of life; a reader that has taken nothing since the last one is let go. */
  #beat(reader: StreamRequest): void {
    const { response } = reader;
    const taken = (response.socket?.bytesWritten ?? 0) - (response.socket?.writableLength ?? 0);
    const isIdle = response.writableLength === 0;
    if (isIdle) this.#write(reader, ': still here\n\n');
    else if (this.#taken.get(reader) === taken) response.destroy();
    this.#taken.set(reader, isIdle ? -1 : taken);
  }

  #onCommit(notice: CommitNotice): void {
    const before = this.#seen.get(notice.workspace);
    this.#seen.set(notice.workspace, notice.seq);
    for (const [key, group] of this.#groups) {
      if (group.workspace !== notice.workspace) continue;
      const follows = before !== undefined && notice.seq === before + 1;
      if (follows && notice.changes !== undefined)
        this.#tell(key, group, notice.seq, notice.changes);
      else this.#scatter(key, group);
    }
  }

  /** A group that can't be told from memory reads from the store; the others hear all the same. */
  #tell(key: string, group: Group, to: Seq, changes: readonly Change[]): void {
    try {
      this.#send(group, to, changes);
    } catch (error) {
      this.#options.onError(error);
      this.#scatter(key, group);
    }
  }

  #send(group: Group, to: Seq, changes: readonly Change[]): void {
    const personal = personalKeys(changes);
    const frames = new Map<string, string>();
    const { framing, scope, position: from } = group;
    const frameFor = (viewer: Viewer): string => {
      const own = viewer.scopeKeys.find((key) => personal.has(key)) ?? '';
      const known = frames.get(own);
      if (known !== undefined) return known;
      const documents = visibleTexts(viewer, group.collections, changes);
      // With nothing in it, it still says how far the others have come.
      const isIdle = documents.size === 0 && personal.size === 0;
      const frame = isIdle ? '' : framing.frame({ head: group, scope, from, to, documents });
      frames.set(own, frame);
      return frame;
    };
    if (frameFor(group.viewer) === '') return;
    group.position = to;
    for (const reader of group.readers) {
      if (reader.response.writableLength <= MAX_UNSENT_BYTES) {
        this.#write(reader, frameFor(reader.viewer));
        continue;
      }
      // Too slow for the group: what follows waits in the store instead of in memory.
      group.readers.delete(reader);
      this.#settle(this.#catchUp(reader, from), reader);
    }
  }

  /** The group missed something: each of its readers catches up for itself. */
  #scatter(key: string, group: Group): void {
    this.#groups.delete(key);
    for (const reader of group.readers) this.#settle(this.#catchUp(reader, group.position), reader);
  }

  async #catchUp(reader: StreamRequest, from: Seq): Promise<void> {
    let position = from;
    const { workspace, viewer, collections, framing, response } = reader;
    const scope = scopeVersion(viewer);
    while (!response.destroyed && !response.writableEnded) {
      if (response.writableLength > MAX_UNSENT_BYTES / 2) await drained(reader);
      const { head, documents, reached } = await this.#read(reader, position);
      if (position < head.floor && head.floor > reader.floor) {
        // Tombstones that it has not had are gone: it hears so when it asks again.
        this.#write(reader, RESYNC);
        response.end();
        return;
      }
      const seen = this.#seen.get(workspace);
      if (seen === undefined || seen < head.seq) this.#seen.set(workspace, head.seq);
      if (documents.size > 0)
        this.#write(reader, framing.frame({ head, scope, from: position, to: reached, documents }));
      position = reached;
      if (position !== this.#seen.get(workspace) || !this.#readers.has(reader)) continue;
      // Nothing was awaited since that comparison: no commit can lie between.
      const key = groupKey(reader);
      const group = this.#groups.get(key) ?? {
        workspace,
        viewer,
        scope,
        epoch: head.epoch,
        floor: head.floor,
        framing,
        collections: new Map(collections.map((collection) => [collection.name, collection])),
        readers: new Set(),
        position,
      };
      this.#groups.set(key, group);
      group.readers.add(reader);
      return;
    }
  }

  /** The next stretch for a reader: as far as a page reaches in every collection. */
  async #read(
    { workspace, viewer, collections }: StreamRequest,
    after: Seq,
  ): Promise<{ head: Head; documents: Map<string, string[]>; reached: Seq }> {
    const readable = collections.filter((collection) => mayRead(viewer, collection));
    const ask = (upTo: Seq): readonly PageRequest[] =>
      readable.map(({ name, primaryKey }) => ({
        collection: name,
        primaryKey,
        scopeKeys: viewer.scopeKeys,
        after,
        upTo,
        limit: CATCH_UP_PAGE,
      }));
    const { store } = this.#options;
    let { head, pages } = await store.pages(workspace, (now) => ask(now.seq));
    const reached = pages.reduce(
      (least, page) => (page.reached < least ? page.reached : least),
      head.seq,
    );
    if (pages.some((page) => page.more))
      ({ head, pages } = await store.pages(workspace, () => ask(reached)));
    const documents = new Map<string, string[]>();
    readable.forEach((collection, index) => {
      const page = pages[index];
      if (page === undefined || page.count === 0) return;
      const joined = projectPage(viewer, collection, page.documents);
      documents.set(collection.name, [Buffer.from(joined).toString()]);
    });
    return { head, documents, reached };
  }
}

const drained = ({ response }: StreamRequest): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });

const groupKey = ({ workspace, viewer, collections, framing }: StreamRequest): string =>
  [
    workspace,
    scopeVersion(viewer),
    framing.name,
    ...collections.map(({ name }) => name).toSorted(),
  ].join('|');
