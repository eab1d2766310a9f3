// RxDB allows 13 open collections in a JavaScript realm, so each client has a thread of its own.

import { register } from 'tsx/esm/api';

register();
await import('./client.ts');
