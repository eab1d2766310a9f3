// What the map shows is computed from numbers alone.

import { describe, expect, it } from 'vitest';
import { graticule, scaleBar } from '../../client/queries/map/graticule.ts';
import { markerAt, markersFor, pinsOf } from '../../client/queries/map/markers.ts';
import {
  boxOf,
  fit,
  parseView,
  project,
  toScreen,
  toWorld,
  unproject,
  viewText,
  within,
  zoomAt,
  type Place,
} from '../../client/queries/map/mercator.ts';
import { indexPins, squaresIn } from '../../client/queries/map/pin-index.ts';

const byText = (one = '', other = ''): number => (one < other ? -1 : 1);
const SIZE = { width: 800, height: 600 };
const WORLD = { x0: 0, y0: 0, x1: 1, y1: 1 };

const pin = (id: string, place: Place) => ({ id, at: project(place) });
const scattered = (count: number) => {
  // Steps of irrational numbers: spread out, and the same each time.
  return Array.from({ length: count }, (_, index) =>
    pin(String(index), {
      lat: ((index * Math.SQRT2) % 1) * 160 - 80,
      lng: ((index * Math.sqrt(3)) % 1) * 360 - 180,
    }),
  );
};

describe('a place', () => {
  it('comes back from the flat map to six decimals', () => {
    for (const place of [
      { lat: 51.5, lng: 7.4 },
      { lat: -33.856_784, lng: 151.215_297 },
      { lat: 0, lng: -180 },
    ])
      expect(unproject(project(place))).toEqual(place);
  });

  it('at a pole stands at the edge of the map', () => {
    expect(project({ lat: 90, lng: 0 }).y).toBeCloseTo(0, 6);
    expect(project({ lat: -90, lng: 0 }).y).toBeCloseTo(1, 6);
  });
});

describe('a view', () => {
  it('keeps the place under the pointer while zooming', () => {
    const view = { center: project({ lat: 40, lng: -90 }), worldPx: 5_000 };
    const pointed = { left: 120, top: 480 };
    const closer = zoomAt(view, SIZE, pointed, 2.5);
    const [before, after] = [toWorld(view, SIZE, pointed), toWorld(closer, SIZE, pointed)];
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });

  it('shows every pin it is fitted to', () => {
    const pins = scattered(50);
    const view = fit(
      pins.map(({ at }) => at),
      SIZE,
    );
    for (const { at } of pins) {
      const { left, top } = toScreen(view, SIZE, at);
      expect(left >= 0 && left <= SIZE.width && top >= -300 && top <= 900).toBe(true);
    }
  });

  it('never leaves the world', () => {
    const box = boxOf(within({ center: { x: 3, y: -2 }, worldPx: 10_000 }, SIZE), SIZE);
    expect(box.x1).toBeCloseTo(1, 9);
    expect(box.y0).toBeCloseTo(0, 9);
  });

  it('is kept as text, and other text is none', () => {
    const view = { center: { x: 0.25, y: 0.75 }, worldPx: 1_234.5 };
    expect(parseView(viewText(view))).toEqual(view);
    for (const text of [null, '', 'a b c', '1 2', '0 0 -3'])
      expect(parseView(text)).toBeUndefined();
  });
});

describe('the index of pins', () => {
  it.each([0, 1, 2, 1_000])('has each of %i pins in exactly one square of every level', (count) => {
    const index = indexPins(scattered(count));
    for (const level of [0, 3, 9, 30]) {
      const squares = squaresIn(index, WORLD, level);
      const orders = squares.flatMap(({ from, to }) =>
        Array.from({ length: to - from }, (_, step) => from + step),
      );
      expect(orders).toEqual(Array.from({ length: count }, (_, order) => order));
    }
  });

  it('finds in a box all that stand in it', () => {
    const pins = scattered(2_000);
    const index = indexPins(pins);
    const box = { x0: 0.2, y0: 0.3, x1: 0.27, y1: 0.34 };
    const found = new Set(
      squaresIn(index, box, 12).flatMap(({ from, to }) =>
        index.pins.slice(from, to).map(({ id }) => id),
      ),
    );
    const inside = pins.filter(
      ({ at }) => at.x >= box.x0 && at.x <= box.x1 && at.y >= box.y0 && at.y <= box.y1,
    );
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.filter(({ id }) => !found.has(id))).toEqual([]);
  });
});

describe('markers', () => {
  const world = fit([], SIZE);

  it('count every pin of the world once', () => {
    const index = indexPins(scattered(3_376));
    const { all } = markersFor(index, world, SIZE);
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(3_376);
    expect(all.length).toBeLessThan(400);
  });

  it('stay the same objects while the map is panned a little', () => {
    const index = indexPins(scattered(3_376));
    const view = { center: { x: 0.5, y: 0.5 }, worldPx: 8_000 };
    const before = markersFor(index, view, SIZE);
    const panned = { ...view, center: { x: 0.51, y: 0.5 } };
    expect(markersFor(index, panned, SIZE, before)).toBe(before);
    expect(markersFor(index, { ...view, worldPx: 16_000 }, SIZE, before)).not.toBe(before);
  });

  it('of near pins are one cluster from afar and single ones close by', () => {
    const near = [pin('a', { lat: 10, lng: 10 }), pin('b', { lat: 10.01, lng: 10.01 })];
    const index = indexPins(near);
    const [cluster, ...others] = markersFor(index, world, SIZE).all;
    expect(others).toEqual([]);
    expect(cluster).toMatchObject({ count: 2, pin: undefined });
    const closer = fit(
      near.map(({ at }) => at),
      SIZE,
    );
    expect(
      markersFor(index, closer, SIZE)
        .all.map((marker) => marker.pin?.id)

        .toSorted(byText),
    ).toEqual(['a', 'b']);
  });

  it('are found by a finger that is near, and not by one that is far', () => {
    const there = pin('a', { lat: 10, lng: 10 });
    const markers = markersFor(indexPins([there]), world, SIZE);
    const { left, top } = toScreen(world, SIZE, there.at);
    expect(markerAt(markers, world, SIZE, { left: left + 12, top: top - 8 })?.pin?.id).toBe('a');
    expect(markerAt(markers, world, SIZE, { left: left + 60, top })).toBeUndefined();
  });

  it('of pins at one place name all of them at any zoom', () => {
    const same = ['a', 'b', 'c'].map((id) => pin(id, { lat: 10, lng: 10 }));
    const index = indexPins(same);
    const view = { center: project({ lat: 10, lng: 10 }), worldPx: 2 ** 26 };
    const markers = markersFor(index, view, SIZE);
    const found = markerAt(markers, view, SIZE, { left: 400, top: 300 });
    expect(
      found &&
        pinsOf(markers, found)
          .map(({ id }) => id)

          .toSorted(byText),
    ).toEqual(['a', 'b', 'c']);
  });
});

describe('lines and scale', () => {
  it('have no lines from afar, and lines far enough apart close by', () => {
    expect(graticule(fit([], SIZE), SIZE).meridians).toEqual([]);
    const view = { center: project({ lat: 51.5, lng: 7.4 }), worldPx: 100_000 };
    const { meridians } = graticule(view, SIZE);
    const places = meridians.map(({ at }) => at * view.worldPx);
    expect(meridians.map(({ words }) => words)).toContain('7°E');
    for (const [order, left] of places.slice(1).entries())
      expect(left - (places[order] ?? 0)).toBeGreaterThanOrEqual(109);
  });

  it('say a round length that fits', () => {
    const view = { center: project({ lat: 0, lng: 0 }), worldPx: 40_075_017 };
    expect(scaleBar(view, 120)).toEqual({ widthPx: expect.closeTo(100, 3), words: '100 m' });
  });
});
