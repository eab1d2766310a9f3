// Sample pins near real cities, and forms that people filled in at some of them.

import { PIN_STATUSES, type DocumentFields, type Random } from '../../schemas/index.ts';
import type { IngestDocument } from '../ops/ingest.ts';
import { CITIES, type City } from './cities.ts';
import { chance, isoTime, DAY_MS, numbered, type Making } from './make.ts';

const PINS = 160;

/** What stands in the field, by kind. */
const PLACES = {
  site: ['pumping station', 'school roof', 'depot', 'clinic', 'harbour office', 'water tower'],
  asset: ['transformer', 'weather mast', 'tide gauge', 'street cabinet', 'charging post'],
  hazard: ['washed-out path', 'loose railing', 'fallen tree', 'open manhole', 'leaking valve'],
  sample: ['river sample', 'soil sample', 'well sample', 'air sample'],
  airport: ['airfield'],
  other: ['meeting point', 'key box', 'parking place'],
} as const;
const SIDES = ['North', 'South', 'East', 'West', 'Old', 'New', 'Upper', 'Lower'] as const;
const KINDS = ['site', 'site', 'asset', 'asset', 'hazard', 'sample', 'other'] as const;
const NOTES = [
  '',
  '',
  '',
  'Key at the office.',
  'Bring a ladder.',
  'No signal here: take the list along.',
  'Ask for the caretaker, in before nine.',
  'Track is muddy after rain.\nPark at the road.',
] as const;

function pin(random: Random, [city, lat, lng]: City): DocumentFields {
  const kind = random.pick(KINDS);
  const near = (degrees: number): number =>
    Math.round((degrees + random.integer(-2_500, 2_500) / 10_000) * 10_000) / 10_000;
  return {
    title: `${city}, ${random.pick(SIDES)} ${random.pick(PLACES[kind])} ${random.integer(1, 60)}`,
    position: { lat: near(lat), lng: near(lng) },
    kind,
    status: random.pick(PIN_STATUSES),
    notes: random.pick(NOTES),
  };
}

const inspection = (random: Random): Record<string, string> => ({
  condition: random.pick(['good', 'good', 'worn', 'broken']),
  'access is clear': random.pick(['yes', 'yes', 'no']),
  'meter reading': String(random.integer(1_200, 98_000)),
  remarks: random.pick([
    '',
    'Paint is coming off.',
    'Lock replaced.',
    'Photo taken from the road.',
  ]),
});

const safetyRound = (random: Random): Record<string, string> => ({
  'signs in place': random.pick(['yes', 'yes', 'no']),
  'extinguisher checked': random.pick(['yes', 'no', 'none here']),
  'first-aid box': random.pick(['complete', 'complete', 'plasters missing']),
  'what to do next': random.pick(['nothing', 'order parts', 'come back with two people']),
});

function form(random: Random, pin: string, nowMs: number): DocumentFields {
  const template = random.pick(['Inspection', 'Safety round']);
  const day = isoTime(nowMs - random.integer(1, 60) * DAY_MS).slice(0, 10);
  const who = random.pick(['Mara', 'Jonas', 'Amina', 'Ken']);
  const filled = template === 'Inspection' ? inspection(random) : safetyRound(random);
  return { pin, template, answers: { date: day, 'filled in by': who, ...filled } };
}

export function fieldMap({ random, nowMs }: Making): {
  readonly pins: readonly IngestDocument[];
  readonly forms: readonly IngestDocument[];
} {
  // Each city gets a few before any gets more, so that the map has no empty continent.
  const pins = numbered(
    'pin',
    Array.from({ length: PINS }, (_, index) =>
      pin(random, CITIES[index % CITIES.length] ?? CITIES[0]),
    ),
  );
  const visited = pins.filter(() => chance(random, 45));
  return {
    pins,
    forms: numbered(
      'form',
      visited.map(({ id }) => form(random, id, nowMs)),
    ),
  };
}
