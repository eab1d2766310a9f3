// A till whose pages are killed: its profile lives on, and each next page opens on what the last has
// left. Its network is cut now and then, before a request or after it has had its effect.

import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import type { Random } from '../../schemas/index.ts';
import { SAYS, type Death, type Saying } from '../journeys/pages/steps.ts';
import { isOpen, newTillContext, tillAt } from './till.ts';

interface Place {
  readonly url: string;
  readonly token: string;
}

/** One of so many requests is cut. */
const CUT_ONE_OF = 8;

export class KilledTill {
  readonly begun = new Set<number>();
  readonly done = new Set<number>();
  /** Kills by the step at which the page stood still. */
  readonly kills = new Map<string, number>();
  readonly cuts = { before: 0, after: 0 };
  readonly #context: BrowserContext;
  readonly #place: Place;

  private constructor(context: BrowserContext, place: Place) {
    this.#context = context;
    this.#place = place;
  }

  static async make(browser: Browser, place: Place, random: Random): Promise<KilledTill> {
    const context = await newTillContext(browser);
    const till = new KilledTill(context, place);
    await context.route('**/api/sync/{push,pull,device}', async (route) => {
      const chance = random.integer(1, 2 * CUT_ONE_OF);
      if (chance > 2) return route.continue().catch(() => undefined);
      if (chance === 1) {
        till.cuts.before += 1;
        return route.abort().catch(() => undefined);
      }
      // A page that is gone meanwhile takes its request along.
      await route.fetch().catch(() => undefined);
      till.cuts.after += 1;
      return route.abort().catch(() => undefined);
    });
    return till;
  }

  get count(): number {
    return [...this.kills.values()].reduce((sum, one) => sum + one, 0);
  }

  async open(death?: Death): Promise<LivePage> {
    const page = await this.#context.newPage();
    const devtools = await this.#context.newCDPSession(page);
    const live = new LivePage(page, devtools, (saying) => this.#heard(saying));
    await page.goto(tillAt(this.#place, death), { waitUntil: 'commit' });
    await live.orDead(isOpen(page));
    return live;
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  #heard(saying: Saying): void {
    if ('at' in saying) this.kills.set(saying.at, (this.kills.get(saying.at) ?? 0) + 1);
    else this[saying.what].add(saying.deed);
  }
}

export class LivePage {
  readonly page: Page;
  readonly #dead: Promise<'dead'>;

  constructor(page: Page, devtools: CDPSession, heard: (saying: Saying) => void) {
    this.page = page;
    const crashed = new Promise<void>((resolve) => {
      page.on('crash', () => resolve());
    });
    const still = new Promise<void>((resolve) => {
      page.on('console', (message) => {
        if (!message.text().startsWith(SAYS)) return;
        const saying = JSON.parse(message.text().slice(SAYS.length)) as Saying;
        heard(saying);
        if (saying.what === 'dies') resolve();
      });
    });
    this.#dead = still.then(async () => {
      // It has no answer: the process that would give it is gone.
      void devtools.send('Page.crash').catch(() => undefined);
      await crashed;
      await page.close();
      return 'dead' as const;
    });
  }

  /** What comes first: the end of this, or the page's death. */
  orDead<T>(doing: Promise<T>): Promise<T | 'dead'> {
    // What a killed page was asked fails, with its death.
    doing.catch(() => undefined);
    return Promise.race([this.#dead, doing.catch((error: unknown) => this.#unless(error))]);
  }

  /** A page that is going says it in many ways; one that is not has failed. */
  async #unless(error: unknown): Promise<'dead'> {
    if (error instanceof Error && /crash|closed/i.test(error.message)) return this.#dead;
    throw error;
  }
}
