import { Dexie } from 'dexie';
import { newRxError } from 'rxdb';
import { expect, test } from 'vitest';
import { isDeviceFull } from '../../replication/index.ts';

const quota = (): DOMException => new DOMException('', 'QuotaExceededError');

test.each<readonly [string, unknown]>([
  ['the browser’s own error', quota()],
  ['Dexie’s', new Dexie.QuotaExceededError('no', quota())],
  ['Dexie’s about an aborted transaction', new Dexie.AbortError('aborted', quota())],
  ['Dexie’s about one of many', new Dexie.BulkError('1 of 2 failed', [quota()])],
  ['RxDB’s', newRxError('RC_PULL', { error: quota() } as object)],
  [
    'another one’s cause',
    new Error('It was not saved.', { cause: new Error('x', { cause: quota() }) }),
  ],
  ['what is left of one in a text', 'QuotaExceededError: Encountered full disk while committing.'],
  [
    'Chromium’s where no database opens',
    new DOMException('Internal error opening backing store: Encountered full disk', 'UnknownError'),
  ],
])('a device without space is known by %s', (_where, error) => {
  expect(isDeviceFull(error)).toBe(true);
});

test('no other error is one of space, nor one that goes round in circles', () => {
  const round: Error & { inner?: unknown } = new Error('The disk could not be read.');
  round.inner = round;
  const others = [
    round,
    new Dexie.ConstraintError('no'),
    // The sentence holds what somebody wrote.
    newRxError('CONFLICT', { data: { title: 'There is no space left in the van' } }),
    new TypeError('x'),
    undefined,
    7,
    'x',
    {},
  ];
  expect(others.map(isDeviceFull)).toEqual(others.map(() => false));
});
