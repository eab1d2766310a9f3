// `npm run screenshots`: every screen in every state as a picture, on real servers with throw-away
// data. `--only TEXT` takes the scenes whose name has that text, `--out DIR` puts them elsewhere, and
// `--readme` makes the README's pictures anew.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DESK, PHONE } from '../support/browser.ts';
import { contactSheet, type Row } from './contact-sheet.ts';
import { pictureOf } from './picture.ts';
import type { Scene } from './scene.ts';
import { scenes } from './scenes/all.ts';
import { openStage, type Stage } from './stage.ts';

const SIZES = [DESK, PHONE] as const;
const SCHEMES = ['light', 'dark'] as const;
/** What stands at the top of the README. */
const README = 'pin-sample';
const README_SIZE = { width: 1280, height: 860 };

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    only: { type: 'string', default: '' },
    readme: { type: 'boolean', default: false },
  },
});

/** Both schemes from one playing; what fades is played again. */
async function take(
  stage: Stage,
  scene: Scene,
  size: typeof DESK,
  name: (scheme: string) => string,
): Promise<void> {
  const fades = scene.fades ?? false;
  for (const scheme of fades ? SCHEMES : SCHEMES.slice(0, 1))
    await stage.play(scene, { size, scheme }, async (page) => {
      for (const shown of fades ? [scheme] : SCHEMES) {
        await page.emulateMedia({ colorScheme: shown });
        writeFileSync(name(shown), await pictureOf(page, fades));
      }
    });
}

async function takeAll(stage: Stage, out: string): Promise<readonly string[]> {
  const rows: Row[] = [];
  const failed: string[] = [];
  for (const scene of scenes.filter(({ name }) => name.includes(values.only))) {
    const widths = SIZES.filter(({ width }) => scene.only === undefined || scene.only === width);
    const nameFor = (width: number) => (scheme: string) => `${scene.name}-${scheme}-${width}.png`;
    const taken = widths.map((size) =>
      take(stage, scene, size, (scheme) => join(out, nameFor(size.width)(scheme))),
    );
    for (const one of await Promise.allSettled(taken))
      if (one.status === 'rejected') failed.push(String(one.reason));
    const files = widths.flatMap(({ width }) => SCHEMES.map(nameFor(width)));
    rows.push({ scene: scene.name, files });
    process.stderr.write(`${scene.name}\n`);
  }
  writeFileSync(join(out, 'index.html'), contactSheet(rows));
  return failed;
}

async function takeForReadme(stage: Stage): Promise<void> {
  const out = resolve('docs/images');
  mkdirSync(out, { recursive: true });
  const scene = scenes.find(({ name }) => name === README);
  if (scene)
    await take(stage, scene, README_SIZE, (scheme) => join(out, `field-map-${scheme}.png`));
  console.log(out);
}

const stage = await openStage();
try {
  if (values.readme) await takeForReadme(stage);
  else {
    const out = resolve(values.out);
    mkdirSync(out, { recursive: true });
    const failed = await takeAll(stage, out);
    for (const problem of failed) console.error(problem);
    if (failed.length > 0) process.exitCode = 1;
    console.log(join(out, 'index.html'));
  }
} finally {
  await stage.end();
}
