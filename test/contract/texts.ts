// Promise 10: whatever stands in a document comes back byte for byte.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { workspaceId } from '../../replication/index.ts';
import { SEED } from '../support/seed.ts';
import { openerOf, type Contract } from './opener.ts';
import { HERE, put, read } from './place.ts';

const ODD: Readonly<Record<string, string>> = {
  'keys with dollars and dots': '{"id":"a","$set":{"a.b":1,"$where":"1"},"..":"","$":{"":[{}]}}',
  'spaces and number forms': '{ "id" : "a" , "n":[1.0, 1e3 ,-0,0.1e-7,12345678901234567890] }',
  'a key twice': '{"id":"a","x":1,"x":2}',
  'unicode as it is and escaped':
    '{"id":"a","t":"é e\u0301 ß 漢 😀 \\u00e9 \\ud83d\\ude00 \u2028\ufeff"}',
  'half an emoji, escaped': '{"id":"a","t":"\\ud83d","u":"\\udc00"}',
  'control characters': '{"id":"a","t":"\\u0000\\u0001\\n\\u001f\u007f\u0080"}',
  'quotes and SQL': `{"id":"a","t":"'; DROP TABLE documents; -- ? ?1 :x @y \\" \\\\"}`,
  'prototype names': '{"id":"a","__proto__":{"constructor":1},"toString":null}',
  'a megabyte': JSON.stringify({ id: 'a', t: 'häppchen '.repeat(105_000) }),
};

export function textsContract(contract: Contract): void {
  const open = openerOf(contract);

  it.each(Object.entries(ODD))('promise 10: %s come back unchanged', async (_name, text) => {
    const store = await open(open.fresh());
    await put(store, [
      { id: 'a', text },
      { id: 'b', text: '{}' },
    ]);
    const stored = await store.get(HERE, [{ collection: 'pins', id: 'a' }]);
    expect(stored.map((document) => document.text === text)).toEqual([true]);
    expect((await read(store)).text === `${text},{}`).toBe(true);
    await put(store, [{ id: 'a', text }]);
    expect((await read(store, { after: 1 })).text === text).toBe(true);
  });

  it('promise 10: random ids, collections and documents come back unchanged', async () => {
    const store = await open(open.fresh());
    let workspaces = 0;
    // No NUL in ids: requests with such ids are refused before any store.
    const id = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((value) => !value.includes('\0'));
    const value = fc
      .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }))
      .map((fields) => JSON.stringify(fields));
    const rows = fc.uniqueArray(fc.tuple(id, value), {
      minLength: 1,
      maxLength: 5,
      selector: ([name]) => name,
    });
    const property = fc.asyncProperty(rows, async (documents) => {
      const workspace = workspaceId(`w${(workspaces += 1)} ${documents[0]?.[0] ?? ''}`);
      await put(
        store,
        documents.map(([name, text]) => ({ id: name, text })),
        { workspace },
      );
      const keys = documents.map(([name]) => ({ collection: 'pins', id: name }));
      const stored = await store.get(workspace, keys);
      expect(new Map(stored.map((document) => [document.id, document.text]))).toEqual(
        new Map(documents),
      );
      const { text } = await read(store, { workspace });
      expect(text).toBe(documents.map(([, written]) => written).join(','));
    });
    await fc.assert(property, { seed: SEED, numRuns: contract.runs });
  });
}
