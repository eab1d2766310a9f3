// The closing line of several runs together: `node test/report/sum.mjs all node24`.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine, sumOf, tallyOf } from './tally.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const tallies = process.argv.slice(2).map((name) => {
  const file = path.join(root, `node_modules/.cache/holdfast/${name}.tally.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The run did not get as far as its tally: that is a failure too.
    return { ...tallyOf(undefined, 1), notes: [`the run "${name}" left no tally`] };
  }
});
const sum = sumOf(tallies);
for (const note of sum.notes) console.log(note);
console.log(closingLine(sum));
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
