// The first start: whoever started the server has a code, and with it makes the first workspace and
// its owner. Code, owner, workspace and session are one write, so nothing is ever half made.

import { HttpProblem } from '../errors.ts';
import type { Store } from '../store/port/port.ts';
import type { Directory, Founding } from './directory.ts';
import { newSession } from './new-session.ts';
import {
  ATTEMPTS,
  create,
  CURRENT,
  FIRST_START,
  FIRST_START_OVER,
  LEASE,
  put,
  read,
  remove,
  SCHEMA,
  USER,
  WORKSPACE,
} from './records.ts';
import { hashOf, newToken } from './secrets.ts';
import { Throttle } from './throttle.ts';

export interface FirstStartRequest extends Founding {
  readonly code: string;
  /** The network address that asks. */
  readonly address: string;
}

/** Stands where the throttle has an account: guesses at the code count together. */
const GUESSED = '';

export class FirstStart {
  readonly #store: Store;
  readonly #directory: Directory;
  readonly #now: () => number;
  readonly #throttle: Throttle;

  constructor(store: Store, directory: Directory, now: () => number) {
    this.#store = store;
    this.#directory = directory;
    this.#now = now;
    this.#throttle = new Throttle(store, now, 'first start');
  }

  /** 256 random bits. Only their hash is kept, until they are used or another code is made. */
  async createCode(): Promise<string> {
    const code = newToken();
    await this.#store.writeRecords([put(FIRST_START, CURRENT, { codeHash: hashOf(code) })]);
    return code;
  }

  /** @returns The token of the owner's session. */
  async setUp(request: FirstStartRequest): Promise<string> {
    await this.#refuseIfSetUp();
    const codeHash = await this.#checkedCode(request.code, request.address);
    const { user, email, workspace, writes } = await this.#directory.founding(request);
    const session = newSession({ user, email, workspace }, this.#now());
    const written = await this.#store.writeRecords([
      create(FIRST_START_OVER, CURRENT, { codeHash }),
      remove(FIRST_START, CURRENT),
      ...writes,
      session.write,
    ]);
    // Hashing the password took a while, and somebody else made a workspace meanwhile.
    if (!written) throw new HttpProblem('already_set_up');
    return session.token;
  }

  /** Whether it was with this code that the first workspace was made. */
  async wasMadeWith(code: string): Promise<boolean> {
    const over = await read(this.#store, FIRST_START_OVER, CURRENT);
    return over?.codeHash === hashOf(code);
  }

  async #refuseIfSetUp(): Promise<void> {
    if ((await this.#store.records(WORKSPACE.name, '')).length > 0)
      throw new HttpProblem('already_set_up');
  }

  async #checkedCode(code: string, address: string): Promise<string> {
    await this.#throttle.attempt(GUESSED, address);
    const codeHash = hashOf(code);
    // Hashes are compared, so the time that it takes tells nothing about the code.
    if ((await read(this.#store, FIRST_START, CURRENT))?.codeHash !== codeHash)
      throw new HttpProblem('wrong_first_start_code');
    await this.#throttle.succeeded(GUESSED, address);
    return codeHash;
  }
}

/** What a server writes by being started: with nothing else, its data are as good as none. */
const OF_STARTS = [FIRST_START, ATTEMPTS, LEASE, SCHEMA];

/** Takes it away, where there is neither a workspace nor a user. */
export async function forgetStarts(store: Store): Promise<void> {
  for (const { name } of [WORKSPACE, USER]) if ((await store.records(name, '')).length > 0) return;
  for (const kind of OF_STARTS) {
    const found = await store.records(kind.name, '');
    await store.writeRecords(found.map(({ id }) => remove(kind, id)));
  }
}
