// The contract on the stores that need no other program. MongoDB's has a test of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openMemoryStore } from '../../server/store/memory/store.ts';
import { openSqliteStore } from '../../server/store/sqlite/store.ts';
import { storeContract } from './store.contract.ts';

const files = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
afterAll(() => rmSync(files, { recursive: true, force: true }));

storeContract('memory', async (_place, options) => openMemoryStore(options));
storeContract(
  'sqlite',
  async (place, options) => openSqliteStore({ directory: join(files, place), ...options }),
  { durable: true },
);
