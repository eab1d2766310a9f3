// The sample workspace: what there is in it, in the order in which it is written. What refers to a
// document comes after it.

import type { IngestDocument } from '../ops/ingest.ts';
import type { Sample, SampleStep } from '../ops/sample.ts';
import { airports } from './airports.ts';
import { careLog } from './care-log.ts';
import { chat } from './chat.ts';
import { fieldMap } from './field-map.ts';
import { shop } from './shop.ts';

/** Small, so that progress is seen to move. */
const STEP = 250;

const steps = (collection: string, documents: readonly IngestDocument[]): readonly SampleStep[] =>
  Array.from({ length: Math.ceil(documents.length / STEP) }, (_, index) => ({
    collection,
    documents: documents.slice(index * STEP, (index + 1) * STEP),
  }));

export const sample: Sample = ({ random, nowMs, user }) => {
  const making = { random, nowMs };
  const { pins, forms } = fieldMap(making);
  const feedings = careLog(making);
  const { products, sales, movements, expenses } = shop(making);
  const { messages, reactions } = chat(making, user);
  return Object.entries({
    pins: [...pins, ...airports()],
    forms,
    feedings,
    products,
    sales,
    movements,
    expenses,
    messages,
    reactions,
  }).flatMap(([collection, documents]) => steps(collection, documents));
};
