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

/** Calls back when there may be others, here or in another tab. */
export const onHeld = (listener: () => void): (() => void) => {
  changes.addEventListener(CHANGED, listener);
  window.addEventListener('storage', listener);
  return () => {
    changes.removeEventListener(CHANGED, listener);
    window.removeEventListener('storage', listener);
  };
};

export const noteDelete = ({ name }: Place, collection: string, id: string): void => {
  localStorage.setItem(keyOf(name, collection, id), String(Date.now() + UNDO_MS));
  changed();
};
export const forgetDelete = ({ name }: Place, collection: string, id: string): void => {
  localStorage.removeItem(keyOf(name, collection, id));
  changed();
};

export const isHeld = ({ name }: Place, collection: string, id: string): boolean =>
  localStorage.getItem(keyOf(name, collection, id)) !== null;

/** Lists hear of it so much later at most. */
const HEARD_MS = 1_500;

/** Unless it was undone, or carried out by another tab. Rejects where it could not be deleted. */
export const carryOut = async (place: Place, collection: string, id: string): Promise<void> => {
  if (!isHeld(place, collection, id)) return;
  await (await place.document(collection, id))?.incrementalRemove();
  setTimeout(forgetDelete, HEARD_MS, place, collection, id);
};

interface Noted {
  readonly collection: string;
  readonly id: string;
  readonly leftMs: number;
}
const notedOf = (name: string): readonly Noted[] =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(keysOf(name)))
    .map((key) => {
      const [collection = '', ...id] = key.slice(keysOf(name).length).split('/');
      const leftMs = Number(localStorage.getItem(key)) - Date.now();
      return { collection, id: id.join('/'), leftMs: Math.min(Math.max(leftMs, 0), UNDO_MS) };
    });

/** Of a collection, whoever holds them. */
export const heldIn = ({ name }: Place, collection: string): readonly string[] =>
  notedOf(name).flatMap((noted) => (noted.collection === collection ? noted.id : []));

/** After that, whoever held it is gone. */
const GRACE_MS = 1_000;

/** What earlier pages have left, each when it can't be undone any more. */
export const carryOutLeft = (place: Place): void => {
  for (const { collection, id, leftMs } of notedOf(place.name))
    // What can't be deleted now stays noted.
    setTimeout(() => void carryOut(place, collection, id).catch(() => {}), leftMs + GRACE_MS);
};

/** All of them now: who leaves has made up their mind. */
export const carryOutNow = async (place: Place): Promise<void> => {
  for (const { collection, id } of notedOf(place.name))
    await carryOut(place, collection, id).catch(() => {});
};
