// The validator takes every sample, and says of a bad document which field is wrong and how.

import { describe, expect, it } from 'vitest';
import { collections, type Collection } from '../../schemas/index.ts';
import { validatorOf } from '../../schemas/validate.ts';
import { SEED } from '../support/seed.ts';
import { samplesOf, withEnvelope } from './samples.ts';

const all: readonly Collection[] = Object.values(collections);

describe.each(all.map((collection) => [collection.name, collection] as const))(
  'a document of %s',
  (_name, collection) => {
    const validate = validatorOf(collection);

    it('fits, as the sample generator makes it, with and without its envelope', () => {
      for (const document of samplesOf(collection, 200, SEED)) {
        expect(validate(document)).toBeUndefined();
        expect(validate(withEnvelope(collection, document))).toBeUndefined();
        expect(validate({ ...document, _deleted: true })).toBeUndefined();
      }
    });

    it('is the same for the same seed', () => {
      expect(samplesOf(collection, 20, 7)).toEqual(samplesOf(collection, 20, 7));
    });

    it('stays below its largest size', () => {
      for (const document of samplesOf(collection, 20, SEED))
        expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThan(collection.maxBytes);
    });

    it('is refused without any one of its required fields', () => {
      const [document = {}] = samplesOf(collection, 1, SEED);
      for (const field of collection.ownRequired) {
        const { [field]: _left, ...others } = document;
        expect(validate(others)).toContain(`lacks the field "${field}"`);
      }
    });

    it('is refused with a wrong type in any of its fields', () => {
      const [document = {}] = samplesOf(collection, 1, SEED);
      for (const field of [collection.primaryKey, ...collection.ownFields])
        expect(validate({ ...document, [field]: null })).toContain(`"${field}" must be`);
    });

    it('is refused with a field that it does not have', () => {
      const [document = {}] = samplesOf(collection, 1, SEED);
      expect(validate({ ...document, colour: 'red' })).toBe(
        `This ${collection.label.one} has an unknown field "colour".`,
      );
    });
  },
);

describe('a bad pin', () => {
  const validate = validatorOf(collections.pins);
  const pin = samplesOf(collections.pins, 1, 1)[0];

  it.each([
    [{ title: '' }, '"title" must NOT have fewer than 1 characters.'],
    [{ title: 'x'.repeat(201) }, '"title" must NOT have more than 200 characters.'],
    [{ title: 7 }, '"title" must be string.'],
    [{ position: { lat: 91, lng: 0 } }, '"position.lat" must be <= 90.'],
    [{ position: { lat: 1 } }, '"position" lacks the field "lng".'],
    [{ position: { lat: 1, lng: 1, alt: 3 } }, '"position" has an unknown field "alt".'],
    [{ kind: 'castle' }, '"kind" must be one of site, airport, hazard, sample, asset, other.'],
    [{ createdAt: '2026-01-31' }, '"createdAt" must'],
    [{ createdAt: '2026-02-31T09:30:00.000Z' }, '"createdAt" must be a UTC time such as'],
    [{ rev: -1 }, '"rev" must be >= 0.'],
    [{ rev: 1.5 }, '"rev" must be'],
    [{ clk: { '*': 'yesterday' } }, '"clk.*" must'],
    [{ id: '' }, '"id" must'],
    [{ id: 'a\u0000b' }, '"id" must match pattern'],
    [{ id: 'x'.repeat(129) }, '"id" must NOT have more than 128 characters.'],
    [{ _deleted: 'yes' }, '"_deleted" must be boolean.'],
  ])('%j is refused by name', (change, sentence) => {
    expect(validate(pin)).toBeUndefined();
    expect(validate({ ...pin, ...change })).toContain(sentence);
  });

  it.each([[null], [undefined], ['pin'], [7], [[]]])('%j is no document', (value) => {
    expect(validate(value)).toBe('This pin must be object.');
  });
});
