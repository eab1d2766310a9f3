// The measurement as a page has it.

import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { measure, type Cost } from './measure.ts';

Object.assign(globalThis, {
  measureAudit: (documents: number): Promise<Cost> => measure(getRxStorageDexie(), documents),
});
