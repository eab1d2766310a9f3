// Deletes that can still be undone. Each is noted for as long as it is held, so that it is carried out
// also where the page goes: by another tab, or when the data are opened again.

export const UNDO_MS = 8_000;

/** An open workspace, as far as it matters here. */
interface Place {
  readonly name: string;
  document(
    collection: string,
    id: string,
  ): Promise<{ incrementalRemove(): Promise<unknown> } | undefined>;
}

/** A key for each, so that no tab overwrites what another one notes. */
const keysOf = (name: string): string => `holdfast.delete ${name}`;
const keyOf = (name: string, collection: string, id: string): string =>
  `${keysOf(name)}${collection}/${id}`;

const changes = new EventTarget();
const CHANGED = 'changed';
const changed = (): boolean => changes.dispatchEvent(new Event(CHANGED));

/** Calls back when what is held may have changed, here or in another tab. */
export const onHeld = (listener: () => void): (() => void) => {
  changes.addEventListener(CHANGED, listener);
  window.addEventListener('storage', listener);
  return () => {
    changes.removeEventListener(CHANGED, listener);
    window.removeEventListener('storage', listener);
  };
};

export const noteDelete = ({ name }: Place, collection: string, id: string): void => {
  const key = keyOf(name, collection, id);
  localStorage.setItem(key, String(Date.now() + UNDO_MS));
  failed.delete(key);
  changed();
};
export const forgetDelete = ({ name }: Place, collection: string, id: string): void => {
  localStorage.removeItem(keyOf(name, collection, id));
  changed();
};

export const isHeld = ({ name }: Place, collection: string, id: string): boolean =>
  localStorage.getItem(keyOf(name, collection, id)) !== null;

/** Lists hear of a delete so much later at most. */
const HEARD_MS = 1_500;
/** Carried out here a moment ago, and what could not be carried out here. */
const [justDone, failed] = [new Set<string>(), new Set<string>()];

/** Unless it was undone, or carried out by another tab. Rejects where it could not be deleted. */
export const carryOut = async (place: Place, collection: string, id: string): Promise<void> => {
  if (!isHeld(place, collection, id)) return;
  const key = keyOf(place.name, collection, id);
  try {
    await (await place.document(collection, id))?.incrementalRemove();
  } catch (cause) {
    failed.add(key);
    changed();
    throw cause;
  }
  justDone.add(key);
  setTimeout(() => {
    justDone.delete(key);
    changed();
  }, HEARD_MS);
  forgetDelete(place, collection, id);
};

interface Noted {
  readonly key: string;
  readonly value: string;
  readonly collection: string;
  readonly id: string;
  readonly leftMs: number;
}
const notedOf = (name: string, keys = Object.keys(localStorage)): readonly Noted[] =>
  keys
    .filter((key) => key.startsWith(keysOf(name)))
    .map((key) => {
      const [collection = '', ...id] = key.slice(keysOf(name).length).split('/');
      const value = localStorage.getItem(key) ?? '';
      const leftMs = Math.min(Math.max(Number(value) - Date.now(), 0), UNDO_MS);
      return { key, value, collection, id: id.join('/'), leftMs };
    });

/** Of a collection, whoever holds them. */
export const heldIn = ({ name }: Place, collection: string): readonly string[] =>
  notedOf(name, [...Object.keys(localStorage), ...justDone])
    .filter((noted) => noted.collection === collection && !failed.has(noted.key))
    .map(({ id }) => id);

/** After that, whoever held it is gone. */
const GRACE_MS = 1_000;

/**
 * What earlier pages have left, and from now on what other tabs note, each when it can't be undone any
 * more; until the returned call.
 */
export const carryOutLeft = (place: Place): (() => void) => {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const look = (): void => {
    for (const { key, value, collection, id, leftMs } of notedOf(place.name)) {
      const name = `${key} ${value}`;
      const carry = (): void => {
        // Undone meanwhile, and perhaps deleted anew. What can't be deleted now stays noted.
        if (localStorage.getItem(key) === value) carryOut(place, collection, id).catch(() => {});
      };
      if (!timers.has(name)) timers.set(name, setTimeout(carry, leftMs + GRACE_MS));
    }
  };
  look();
  window.addEventListener('storage', look);
  return () => {
    window.removeEventListener('storage', look);
    for (const timer of timers.values()) clearTimeout(timer);
  };
};

/** All of them now: who leaves has made up their mind. */
export const carryOutNow = async (place: Place): Promise<void> => {
  for (const { collection, id } of notedOf(place.name))
    await carryOut(place, collection, id).catch(() => {});
};
