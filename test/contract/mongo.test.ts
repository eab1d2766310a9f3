// The contract on the MongoDB store. Fewer random cases than on the others: the stand-in for MongoDB
// that CI uses makes some tens of transactions a second.

import { afterAll, beforeAll } from 'vitest';
import { openMongoStore } from '../../server/store/mongo/store.ts';
import { startMongo, type TestMongo } from '../support/mongo.ts';
import { findMongo } from '../support/mongo.mjs';
import { storeContract } from './store.contract.ts';

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo.stop());

storeContract(
  'mongo',
  (place, options) => openMongoStore({ url: mongo.urlOf(place), ...options }),
  { durable: true, snapshots: findMongo()?.kind !== 'secantus', runs: 30 },
);
