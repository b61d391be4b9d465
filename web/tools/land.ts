/**
 * Coast lines for the map's base, made once at build time from Natural Earth's 1:10 million land (public domain, npm
 * world-atlas): rings in normalised Mercator as 32-bit floats (2.4 m at the equator), so that the browser parses nothing.
 *
 * Layout, little endian: u32 number of rings; per ring u32 number of points; then all points as f32 x, y.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import type { GeometryObject, Topology } from "topojson-specification";
import type { FeatureCollection, MultiPolygon, Polygon } from "geojson";
import { mercatorX, mercatorY } from "../src/map/projection.ts";

const RADIANS = Math.PI / 180;

function polygons(land: FeatureCollection): number[][][] {
  return land.features.flatMap(({ geometry }) => {
    if (geometry.type === "Polygon") return (geometry as Polygon).coordinates;
    return (geometry as MultiPolygon).coordinates.flat();
  });
}

/** The land file as bytes. */
export function landFile(resolution: "10m" | "50m" | "110m" = "10m"): Uint8Array {
  const path = createRequire(import.meta.url).resolve(`world-atlas/land-${resolution}.json`);
  const topology = JSON.parse(readFileSync(path, "utf8")) as Topology;
  const rings = polygons(feature(topology, topology.objects["land"] as GeometryObject) as unknown as FeatureCollection);
  const points = rings.reduce((n, ring) => n + ring.length, 0);
  const bytes = new ArrayBuffer(4 + 4 * rings.length + 8 * points);
  const view = new DataView(bytes);
  view.setUint32(0, rings.length, true);
  rings.forEach((ring, i) => view.setUint32(4 + 4 * i, ring.length, true));
  let at = 4 + 4 * rings.length;
  for (const ring of rings) {
    for (const [longitude = 0, latitude = 0] of ring) {
      view.setFloat32(at, mercatorX(longitude * RADIANS), true);
      view.setFloat32(at + 4, mercatorY(latitude * RADIANS), true);
      at += 8;
    }
  }
  return new Uint8Array(bytes);
}
