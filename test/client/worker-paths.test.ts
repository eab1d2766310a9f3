// Which requests the service worker answers, and with which file.

import { describe, expect, it } from 'vitest';
import { pathFor } from '../../client/worker/shell.ts';

const ORIGIN = 'https://holdfast.example';
const shell = {
  version: '1',
  files: { '/index.html': 'a', '/icon.svg': 'b', '/assets/main-4f2a.js': 'c' },
  sender: '/assets/sender-1.js',
};
const answerTo = (
  path: string,
  asked: { mode?: RequestMode; method?: string; at?: string } = {},
) => {
  const { mode = 'navigate', method = 'GET', at = ORIGIN } = asked;
  return pathFor(shell, { mode, method, url: at + path }, ORIGIN);
};

describe('the service worker', () => {
  it.each(['/', '/map', '/map/a%20b?settle=1', '/setup#code', '/apiary', '/nothing/here'])(
    'answers for the address %s with the page',
    (path) => expect(answerTo(path)).toBe('/index.html'),
  );

  it.each([
    '/api/session',
    '/api',
    '/api/blobs/4f2a',
    '/rxdb/pins/0/pull?limit=1',
    '/metrics',
    '/healthz',
    '/readyz',
  ])('never answers for %s, whoever asks', (path) => {
    for (const mode of ['navigate', 'cors', 'same-origin', 'no-cors'] as const)
      expect(answerTo(path, { mode })).toBeUndefined();
  });

  it('answers for files by their path, also for those of another build', () => {
    for (const path of ['/icon.svg', '/assets/main-4f2a.js', '/assets/main-of-yesterday.js'])
      for (const mode of ['cors', 'no-cors', 'navigate'] as const)
        expect(answerTo(path, { mode })).toBe(path);
  });

  it('leaves everything else alone: unknown files, other places, and what is sent', () => {
    expect(answerTo('/unknown.txt', { mode: 'cors' })).toBeUndefined();
    expect(answerTo('/map', { at: 'https://elsewhere.example' })).toBeUndefined();
    expect(answerTo('/setup', { method: 'POST' })).toBeUndefined();
    expect(answerTo('/icon.svg', { method: 'HEAD', mode: 'cors' })).toBeUndefined();
  });
});
