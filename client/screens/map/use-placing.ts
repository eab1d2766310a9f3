// Saying on the map where a pin belongs: a new one, or the open one.

import { useEffect, useState } from 'react';
import { showPin } from '../../components/map/show-pin.ts';
import type { Place } from '../../queries/map/mercator.ts';
import { navigate, withFilter } from '../../router.ts';

export interface Placing {
  /** The next tap on the map says where. */
  readonly placing: boolean;
  /** What was tapped for the open pin. */
  readonly placed: Place | undefined;
  /** Where the open form says that its pin will be. */
  readonly draft: Place | undefined;
  readonly setDraft: (place: Place | undefined) => void;
  readonly setPlacing: (placing: boolean) => void;
  /** Asks for a place, on a phone by showing the map. */
  readonly choose: () => void;
  readonly take: (place: Place) => void;
}

/** @param open the open pin's id, or `new`. */
export const usePlacing = (
  open: string | undefined,
  stacked: boolean,
  close: () => void,
): Placing => {
  const [asked, ask] = useState(false);
  const [placed, setPlaced] = useState<{ readonly id: string; readonly place: Place }>();
  const [draft, setDraft] = useState<Place>();
  useEffect(() => {
    if (open === undefined) setPlaced(undefined);
  }, [open]);
  // Beside the map, the form of a new pin takes taps without being asked.
  const beside = open === 'new' && !stacked;
  const take = (place: Place): void => {
    const id = asked ? (open ?? 'new') : 'new';
    ask(false);
    if (id !== open) showPin(id);
    setPlaced({ id, place });
  };
  const choose = (): void => {
    if (stacked) navigate(withFilter('view', 'map'), 'replace');
    ask(true);
  };
  const setPlacing = (placing: boolean): void => {
    ask(placing);
    if (!placing && !asked && beside) close();
  };
  return {
    placing: asked || beside,
    placed: placed && placed.id === open ? placed.place : undefined,
    draft,
    setDraft,
    setPlacing,
    choose,
    take,
  };
};
