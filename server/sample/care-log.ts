// A month with a baby: 8 to 12 feedings a day, larger and fewer as the weeks go by.

import type { DocumentFields } from '../../schemas/index.ts';
import type { IngestDocument } from '../ops/ingest.ts';
import { chance, DAY_MS, HOUR_MS, isoTime, MINUTE_MS, numbered, type Making } from './make.ts';

const DAYS = 30;
const NOTES = [
  'Slept right after.',
  'Left a little.',
  'Very hungry.',
  'Burped well.',
  'Fell asleep while drinking.',
  'Spat some up.',
  'Fed by grandma.',
] as const;

function oneFeeding({ random }: Making, timeMs: number, week: number): DocumentFields {
  const amountMl = 10 * random.integer(6 + week, 12 + Math.floor(1.5 * week));
  return {
    feedingTime: isoTime(timeMs),
    foodType: random.pick(['breast milk', 'breast milk', 'breast milk', 'formula', 'formula']),
    amountMl: Math.min(amountMl, 180),
    notes: chance(random, 22) ? random.pick(NOTES) : '',
  };
}

/** The feedings of one day of 24 hours that begins at `startMs`. */
function oneDay(making: Making, startMs: number, day: number): readonly DocumentFields[] {
  const { random } = making;
  const week = Math.floor(day / 7);
  const perDay = Math.max(8, random.integer(10, 12) - Math.floor(week / 2));
  const gapMs = DAY_MS / perDay;
  return Array.from({ length: perDay }, (_, index) => {
    const shiftMs = random.integer(-25, 25) * MINUTE_MS;
    return oneFeeding(making, startMs + (index + 0.5) * gapMs + shiftMs, week);
  });
}

export function careLog(making: Making): readonly IngestDocument[] {
  // The last one was a good hour ago, as a carer would find it.
  const endMs = Math.floor(making.nowMs / MINUTE_MS) * MINUTE_MS - HOUR_MS;
  const days = Array.from({ length: DAYS }, (_, day) =>
    oneDay(making, endMs - (DAYS - day) * DAY_MS, day),
  );
  return numbered('feeding', days.flat());
}
