// A process that dies in the middle of a transaction: `mongo-victim.ts URL`.

import { openMongoStore } from '../../server/store/mongo/store.ts';
import { HERE, NOTHING } from './place.ts';

const [url = ''] = process.argv.slice(2);
const store = await openMongoStore({ url });
await store.commit(HERE, NOTHING, () => {
  process.kill(process.pid, 'SIGKILL');
  return { result: 0, write: { documents: [], operations: [], fates: [] } };
});
