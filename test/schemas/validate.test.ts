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
        expect(validate(others)).toBe(`"${field}" is missing.`);
      }
    });

    it('is refused with a wrong type in any of its fields', () => {
      const [document = {}] = samplesOf(collection, 1, SEED);
      for (const field of [collection.primaryKey, ...collection.ownFields])
        expect(validate({ ...document, [field]: null })).toMatch(
          new RegExp(`^"${field}" is no(t|ne) `),
        );
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
    [{ title: '' }, '"title" is empty.'],
    [{ title: 'x'.repeat(201) }, '"title" has more than 200 characters.'],
    [{ title: 7 }, '"title" is not text.'],
    [{ position: { lat: 91, lng: 0 } }, '"position.lat" is more than 90.'],
    [{ position: { lat: 1 } }, '"position.lng" is missing.'],
    [{ position: { lat: '1', lng: 1 } }, '"position.lat" is not a number.'],
    [{ position: 'here' }, '"position" is not an object.'],
    [{ position: { lat: 1, lng: 1, alt: 3 } }, '"position" has an unknown field "alt".'],
    [{ kind: 'castle' }, '"kind" is none of site, airport, hazard, sample, asset, other.'],
    [{ createdAt: '2026-01-31' }, '"createdAt" is not a UTC time such as'],
    [{ createdAt: '2026-02-31T09:30:00.000Z' }, '"createdAt" is not a UTC time such as'],
    [{ rev: -1 }, '"rev" is less than 0.'],
    [{ rev: 1.5 }, '"rev" is not a whole number.'],
    [{ clk: { '*': 'yesterday' } }, '"clk.*" has fewer than 35 characters.'],
    [{ id: '' }, '"id" is empty.'],
    [{ id: 'a\u0000b' }, '"id" does not have the right form.'],
    [{ id: 'x'.repeat(129) }, '"id" has more than 128 characters.'],
    [{ _deleted: 'yes' }, '"_deleted" is not true or false.'],
  ])('%j is refused by name', (change, sentence) => {
    expect(validate(pin)).toBeUndefined();
    expect(validate({ ...pin, ...change })).toContain(sentence);
  });

  it.each([[null], [undefined], ['pin'], [7], [[]]])('%j is no document', (value) => {
    expect(validate(value)).toBe('This pin is not an object.');
  });
});

it('what has too many entries or no list at all is said so', () => {
  const [sale] = samplesOf(collections.sales, 1, 1);
  const [form] = samplesOf(collections.forms, 1, 1);
  const items = Array.from({ length: 2_000 }, () => sale?.['items']).flat();
  const answers = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`q${at}`, 'yes']));
  const saleSays = validatorOf(collections.sales);
  expect(saleSays({ ...sale, items })).toMatch(/^"items" has more than \d+ entries\.$/);
  expect(saleSays({ ...sale, items: 'none' })).toBe('"items" is not a list.');
  expect(validatorOf(collections.forms)({ ...form, answers })).toBe(
    '"answers" has more than 200 entries.',
  );
});
