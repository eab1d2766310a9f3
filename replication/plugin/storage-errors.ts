// Telling a device without space from every other failure of its storage. Browsers, Dexie and RxDB
// each wrap the one error in another.

import { isRecord } from './check.ts';

/** For people. */
export const DEVICE_FULL =
  'This device is full, so nothing more can be stored on it. What it has stored before is safe.';

/** Names of the error in the standard, in earlier versions of it, and in Firefox. */
const NAMES: ReadonlySet<unknown> = new Set([
  'QuotaExceededError',
  'QUOTA_EXCEEDED_ERR',
  'NS_ERROR_DOM_QUOTA_REACHED',
  'NS_ERROR_DOM_INDEXEDDB_QUOTA_ERR',
  'NS_ERROR_FILE_NO_DEVICE_SPACE',
]);
/** What is left of it in a text; Chromium says "full disk" where it can't even open a database. */
const TRACES =
  /quota ?exceeded|exceeded the quota|quota has been exceeded|full disk|no space left/i;
/** Where wrappers keep what they wrap: Error, Dexie, Dexie's bulk writes, RxDB. */
const INSIDE = [
  'cause',
  'inner',
  'failures',
  'errors',
  'parameters',
  'writeError',
  'error',
  'args',
];
const DEEPEST = 8;

/** Whether a write failed because this device, or this site's share of it, has no space left. */
export const isDeviceFull = (error: unknown): boolean => says(error, DEEPEST);

function says(error: unknown, depth: number): boolean {
  if (typeof error === 'string') return TRACES.test(error);
  if (Array.isArray(error)) return error.some((one) => says(one, depth - 1));
  if (depth === 0 || !isRecord(error)) return false;
  const { name, message, parameters } = error;
  // RxDB's own sentence holds the document, and that may say anything.
  const isPlain = typeof message === 'string' && !isRecord(parameters);
  if (NAMES.has(name) || (isPlain && TRACES.test(message))) return true;
  return INSIDE.some((place) => says(error[place], depth - 1));
}
