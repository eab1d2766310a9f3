// The countries of the world as shapes to draw, from data that comes with the page: a coarse set at
// once, a finer one after it. Source: Natural Earth, through world-atlas.

import { geoMercator, geoPath, type GeoContext } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Polygon } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import far from 'world-atlas/countries-110m.json?url';
import near from 'world-atlas/countries-50m.json?url';
import type { WorldBox, WorldPoint } from '../../queries/map/mercator.ts';

/** Shapes are drawn on a world of this side. */
export const SIDE = 1_024;

export interface LandShape {
  readonly path: Path2D;
  readonly box: WorldBox;
  /** On a country's largest part. */
  readonly name: { readonly words: string; readonly at: WorldPoint } | undefined;
}

export type Detail = 'far' | 'near';
type Countries = Topology<{ readonly countries: GeometryCollection<{ readonly name: string }> }>;
type Ring = readonly (readonly number[])[];

const projection = geoMercator()
  .scale(SIDE / (2 * Math.PI))
  .translate([SIDE / 2, SIDE / 2])
  .precision(0.05);
const path = geoPath(projection);

/** @throws where the file cannot be had; the map goes on with what it has. */
export const loadLand = async (detail: Detail): Promise<readonly LandShape[]> => {
  const answer = await fetch(detail === 'far' ? far : near);
  if (!answer.ok) throw new Error(`The map's shapes could not be read (${answer.status}).`);
  const topology = (await answer.json()) as Countries;
  return topology.objects.countries.geometries.flatMap((country) => shapesOf(topology, country));
};

const shapesOf = (
  topology: Countries,
  country: Countries['objects']['countries']['geometries'][number],
): readonly LandShape[] => {
  const found = feature<{ readonly name: string }>(topology, country);
  if (!('geometry' in found)) return [];
  const { geometry, properties } = found;
  const parts: Ring[][] =
    geometry.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry.type === 'MultiPolygon'
        ? geometry.coordinates
        : [];
  const drawn = parts.map((rings) => draw(rings));
  const areaOf = ({ box }: LandShape): number => (box.x1 - box.x0) * (box.y1 - box.y0);
  const largest = drawn.toSorted((one, other) => areaOf(other) - areaOf(one))[0];
  return drawn.map((shape, index) =>
    shape === largest
      ? { ...shape, name: { words: properties.name, at: middleOf(parts[index] ?? []) } }
      : shape,
  );
};

const polygonOf = (rings: readonly Ring[]): Polygon => ({
  type: 'Polygon',
  coordinates: rings.map((ring) => ring.map((point) => [...point])),
});

const middleOf = (rings: readonly Ring[]): WorldPoint => {
  const [x, y] = path.centroid(polygonOf(rings));
  return { x: x / SIDE, y: y / SIDE };
};

const draw = (rings: readonly Ring[]): LandShape => {
  const outline = new Path2D();
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  const reach = (x: number, y: number): void => {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  };
  const context: GeoContext = {
    beginPath: () => undefined,
    closePath: () => outline.closePath(),
    arc: () => undefined,
    moveTo: (x, y) => {
      reach(x, y);
      outline.moveTo(x, y);
    },
    lineTo: (x, y) => {
      reach(x, y);
      outline.lineTo(x, y);
    },
  };
  geoPath(projection, context)(polygonOf(rings));
  const box = { x0: x0 / SIDE, y0: y0 / SIDE, x1: x1 / SIDE, y1: y1 / SIDE };
  return { path: outline, box, name: undefined };
};
