// How a pin looks, on the map and in the list: its kind is shape and colour, its status is how full
// the shape is. Shapes stand on a 24-unit square.

import type { PinRow } from '../../queries/map/pins.ts';

export type Scheme = 'light' | 'dark';

interface Shape {
  readonly whole: string;
  /** Its left half. */
  readonly half: string;
  readonly colour: Readonly<Record<Scheme, string>>;
}

export const SHAPES: Readonly<Record<PinRow['kind'], Shape>> = {
  site: {
    whole: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16z',
    half: 'M12 4a8 8 0 0 0 0 16z',
    colour: { light: '#3b5bdb', dark: '#91a7ff' },
  },
  airport: {
    whole: 'M12 3.5L21.3 19.5H2.7z',
    half: 'M12 3.5L2.7 19.5H12z',
    colour: { light: '#0b7285', dark: '#3bc9db' },
  },
  hazard: {
    whole: 'M12 2.5L21.5 12L12 21.5L2.5 12z',
    half: 'M12 2.5L2.5 12L12 21.5z',
    colour: { light: '#d9480f', dark: '#ff922b' },
  },
  sample: {
    whole: 'M5 5h14v14H5z',
    half: 'M5 5h7v14H5z',
    colour: { light: '#2b8a3e', dark: '#69db7c' },
  },
  asset: {
    whole: 'M12 3L20.5 10.5L17.5 20.5H6.5L3.5 10.5z',
    half: 'M12 3L3.5 10.5L6.5 20.5H12z',
    colour: { light: '#862e9c', dark: '#e599f7' },
  },
  other: {
    whole: 'M8.5 3.5h7v5h5v7h-5v5h-7v-5h-5v-7h5z',
    half: 'M8.5 3.5H12v17H8.5v-5h-5v-7h5z',
    colour: { light: '#495057', dark: '#ced4da' },
  },
};

export const CHECK = 'M8.3 12.6l2.6 2.6l4.8-5.4';
