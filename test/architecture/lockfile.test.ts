// The lockfile installs on every platform and names no place to download from.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = path.resolve(import.meta.dirname, '../../package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

it('records no download address', () => {
  const addresses = Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http'));
  expect(addresses).toEqual([]);
});

it('has every optional package, whose binary another platform needs', () => {
  const lacking = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`${place}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
    ),
  );
  // `npm ci` refuses such a lockfile. `npm install --package-lock-only`, against a registry that
  // lists the packages of all platforms, adds them.
  expect(lacking).toEqual([]);
});
