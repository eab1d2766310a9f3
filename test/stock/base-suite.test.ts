// RxDB's own base suite for replication plugins, against a real Holdfast server.

import { addRxPlugin } from 'rxdb';
import { RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { RxDBLocalDocumentsPlugin } from 'rxdb/plugins/local-documents';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { runReplicationBaseTestSuite, setConfig } from 'rxdb/plugins/test-utils';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { humans } from '../support/humans.ts';
import { startLiveServer, type LiveServer } from '../support/live-server.ts';
import { replicateOverHttp } from '../support/stock-client.ts';
import { until } from '../support/until.ts';

addRxPlugin(RxDBDevModePlugin);
addRxPlugin(RxDBLocalDocumentsPlugin);
// The suite is written for runners that have these as globals.
Object.assign(globalThis, { describe, it });
const getStorage = () => wrappedValidateAjvStorage({ storage: getRxStorageMemory() });
setConfig({
  storage: {
    name: 'memory',
    getStorage,
    getPerformanceStorage: () => ({ description: 'memory', storage: getStorage() }),
    hasPersistence: true,
    hasMultiInstance: false,
    hasAttachments: true,
    hasReplication: true,
  },
});

let live: LiveServer;
let key = '';
const base = (): string => `${live.url}/rxdb/human/0`;

describe('a stock RxDB client', () => {
  beforeAll(async () => {
    live = await startLiveServer({ collections: [humans] });
    key = await live.keyFor('ada');
  });
  afterAll(() => live.stop());

  const allDocuments = async (): Promise<Record<string, unknown>[]> => {
    const answer = await fetch(`${base()}/pull?limit=5000`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    return ((await answer.json()) as { documents: Record<string, unknown>[] }).documents;
  };

  runReplicationBaseTestSuite({
    startReplication: (collection) => {
      const { state } = replicateOverHttp(collection, base(), key);
      return state;
    },
    syncOnce: async (collection) => {
      const { state } = replicateOverHttp(collection, base(), key, { live: false });
      await state.awaitInSync().catch(() => undefined);
      await until(() => state.isStopped());
    },
    getAllServerDocs: allDocuments,
    // Documents are never removed from a server: each test gets a new one.
    cleanUpServer: async () => {
      await live.stop();
      live = await startLiveServer({ collections: [humans] });
      key = await live.keyFor('ada');
    },
    softDeletes: true,
    isDeleted: (document: { _deleted?: boolean }) => document._deleted === true,
    getPrimaryOfServerDoc: (document: { passportId: string }) => document.passportId,
    waitTime: 100,
  });
});
