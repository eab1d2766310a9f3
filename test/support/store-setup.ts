// Runs before each test file: the stores that its tests open go with it.

import { afterAll } from 'vitest';
import { closeTestStores } from './store.ts';

afterAll(closeTestStores);
