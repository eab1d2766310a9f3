// What a scene is, and the few things that scenes do to a page.

import type { Page } from 'playwright-core';
import { refuseWrites } from '../support/browser.ts';
import type { World, WorldName } from './worlds.ts';

export type Act = (page: Page, world: World) => Promise<unknown>;

export interface Scene {
  /** Begins its pictures' file names. */
  readonly name: string;
  readonly world: WorldName;
  /** The address; CODE stands for the first start's code. */
  readonly path: string;
  /** Where one width shows nothing that another scene does not. */
  readonly only?: 1280 | 390;
  /** Reached by a name that browsers do not trust without HTTPS. */
  readonly insecure?: true;
  /** Before the page is opened. */
  readonly before?: Act;
  /** What somebody then does. */
  readonly does?: Act;
  /** Words that must be seen before the picture is taken. */
  readonly shows: string | RegExp;
  /** It fades: the picture is taken at once. */
  readonly fades?: true;
}

export const all =
  (...acts: readonly Act[]): Act =>
  async (page, world) => {
    for (const act of acts) await act(page, world);
  };

export const click =
  (name: string | RegExp, role: 'button' | 'menuitem' | 'link' | 'checkbox' = 'button'): Act =>
  (page) =>
    page.getByRole(role, { name }).first().click();
export const pick =
  (row: '.pin-row' | '.feeding-row', text: string): Act =>
  (page) =>
    page.locator(row, { hasText: text }).first().click();
export const fill =
  (label: string, text: string): Act =>
  (page) =>
    page.getByLabel(label).first().fill(text);
export const see =
  (text: string | RegExp) =>
  (page: Page): Promise<void> =>
    page.getByText(text).filter({ visible: true }).first().waitFor();
/** Waits for the indicator. */
export const says =
  (words: RegExp): Act =>
  (page) =>
    page.getByRole('button', { name: words }).first().waitFor();

/** Requests that are never answered. */
export const hold =
  (address: string | RegExp): Act =>
  (page) =>
    page.route(address, () => undefined);
/** Requests that do not arrive. */
export const cut =
  (address: string | RegExp): Act =>
  (page) =>
    page.route(address, (route) => route.abort());
/** Answers from nobody; after the last one, no more. */
export const answer =
  (
    address: string,
    ...answers: readonly {
      readonly status: number;
      readonly json: object;
      readonly headers?: Record<string, string>;
    }[]
  ): Act =>
  (page) => {
    const left = [...answers];
    return page.route(address, (route) => {
      const next = left.shift();
      return next ? route.fulfill(next) : undefined;
    });
  };
export const refuse =
  (collection: string): Act =>
  (page) =>
    refuseWrites(page, collection);
export const goOffline: Act = (page) => page.context().setOffline(true);
export const forgetLogIn: Act = (page) => page.context().clearCookies();

/** Where this device's copy of a collection, or all of it, can't be read. */
export const breakStorage =
  (part: 'everything' | 'pins' | 'feedings' | 'conflicts'): Act =>
  (page) =>
    page.addInitScript((broken) => {
      for (const place of [IDBFactory.prototype, IDBObjectStore.prototype, IDBIndex.prototype])
        for (const way of ['open', 'getAll', 'openCursor']) {
          const read: unknown = Reflect.get(place, way);
          if (typeof read !== 'function') continue;
          Reflect.set(place, way, function (this: unknown, ...given: unknown[]) {
            const store = this instanceof IDBIndex ? this.objectStore : this;
            const name = store instanceof IDBObjectStore ? store.transaction.db.name : 'everything';
            if (name.endsWith(broken))
              throw new DOMException('The disk could not be read.', 'UnknownError');
            return Reflect.apply(read, this, given);
          });
        }
    }, part);
