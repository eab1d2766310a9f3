// The map's own colours: quiet, so that pins stand out.

import type { Scheme } from './glyphs.ts';

export interface MapColours {
  readonly scheme: Scheme;
  readonly sea: string;
  readonly land: string;
  readonly border: string;
  readonly grid: string;
  readonly words: string;
  readonly names: string;
  /** Around pins, and inside those that are not open. */
  readonly surface: string;
  readonly cluster: string;
  readonly clusterWords: string;
  readonly accent: string;
  readonly fresh: string;
  readonly refused: string;
  readonly pending: string;
}

export const MAP_COLOURS: Readonly<Record<Scheme, MapColours>> = {
  light: {
    scheme: 'light',
    sea: '#dfe9f0',
    land: '#f8f7f2',
    border: '#b9c2ca',
    grid: 'rgba(60, 90, 120, 0.16)',
    words: '#495057',
    names: '#868e96',
    surface: '#ffffff',
    cluster: '#343a40',
    clusterWords: '#ffffff',
    accent: '#4263eb',
    fresh: '#e67700',
    refused: '#c92a2a',
    pending: '#495057',
  },
  dark: {
    scheme: 'dark',
    sea: '#15191e',
    land: '#2a2f36',
    border: '#4a525b',
    grid: 'rgba(180, 200, 220, 0.13)',
    words: '#adb5bd',
    names: '#868e96',
    surface: '#1a1b1e',
    cluster: '#e9ecef',
    clusterWords: '#1a1b1e',
    accent: '#91a7ff',
    fresh: '#ffd43b',
    refused: '#ff8787',
    pending: '#ced4da',
  },
};
