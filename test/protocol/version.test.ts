// The wire schemas do not change without a new PROTOCOL_VERSION: their hash stands in
// wire-hash.json beside the version to which it belongs.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as protocol from '../../replication/protocol/index.ts';
import { canonical } from '../../replication/stamp/canonical.ts';
import { wireFault, type WireHash } from './wire-hash.ts';

const file = path.join(import.meta.dirname, 'wire-hash.json');
const schemas = Object.entries(protocol).filter(([name]) => name.endsWith('Schema'));
const present: WireHash = {
  version: protocol.PROTOCOL_VERSION,
  hash: createHash('sha256')
    .update(canonical(Object.fromEntries(schemas)))
    .digest('hex'),
};
const readKept = (): WireHash => JSON.parse(readFileSync(file, 'utf8')) as WireHash;

it('the wire schemas are those of their version', () => {
  expect(schemas.length).toBeGreaterThanOrEqual(8);
  const update = process.env['HOLDFAST_UPDATE_WIRE_HASH'] === '1';
  if (update && present.version > readKept().version)
    writeFileSync(file, `${JSON.stringify(present, null, 2)}\n`);
  expect(wireFault(readKept(), present)).toBeUndefined();
});

it('a changed schema without a new version is named, with what to do', () => {
  const changed = { ...present, hash: 'another' };
  expect(wireFault(present, changed)).toContain('Raise it in replication/protocol/version.ts');
});

it('a new version without its hash is named, with the command', () => {
  const raised = { version: present.version + 1, hash: 'another' };
  expect(wireFault(present, raised)).toContain('HOLDFAST_UPDATE_WIRE_HASH=1');
});

it('a version that went back is named', () => {
  const lower = { ...present, version: present.version - 1 };
  expect(wireFault(present, lower)).toContain('never goes back');
});
