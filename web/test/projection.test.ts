import { describe, expect, it } from "vitest";
import { bearing, between, beyond, Camera, distance, EARTH_RADIUS, latitudeOf, longitudeOf, mercatorX, mercatorY, RADIANS } from "../src/map/projection";
import { gridStep } from "../src/map/base";
import { clipped, ticks, turning } from "../src/map/line";
import { scaleBar } from "../src/map/still";

const place = (longitude: number, latitude: number) => ({ latitude: latitude * RADIANS, longitude: longitude * RADIANS });
const camera = Camera.at(place(34, 41), 7, 800, 600);

describe("the projection", () => {
  it("goes there and back", () => {
    for (const [longitude, latitude] of [[0, 0], [179.9, 84], [-120.5, -61], [34.2, 41.3]] as const) {
      const p = place(longitude, latitude);
      // 1e-12 rad is six micrometres on the ground: rounding of doubles only
      expect(latitudeOf(mercatorY(p.latitude))).toBeCloseTo(p.latitude, 12);
      expect(longitudeOf(mercatorX(p.longitude))).toBeCloseTo(p.longitude, 12);
      const back = camera.place(camera.pixel(p));
      expect(distance(back, p)).toBeLessThan(0.01);
    }
  });

  it("agrees with the published pixel of the web's Mercator", () => {
    // OSM wiki, slippy map tile names: 60 N 25 E is tile 9.1111 across and 4.6428 down at zoom 4
    expect(mercatorX(25 * RADIANS) * 16).toBeCloseTo(9.1111, 4);
    expect(mercatorY(60 * RADIANS) * 16).toBeCloseTo(16 * (1 - Math.log(Math.tan(60 * RADIANS) + 1 / Math.cos(60 * RADIANS)) / Math.PI) / 2, 9);
  });

  it("keeps the place under the pointer while zooming", () => {
    const pointer = { x: 123, y: 456 };
    const near = camera.zoomed(2.3, pointer);
    expect(distance(near.place(pointer), camera.place(pointer))).toBeLessThan(0.1);
    expect(near.scale / camera.scale).toBeCloseTo(2 ** 2.3, 9);
  });

  it("moves the picture by the pixels it was dragged", () => {
    const p = camera.pixel(place(34.5, 41.2));
    const q = camera.panned(37, -12).pixel(place(34.5, 41.2));
    expect(q.x - p.x).toBeCloseTo(37, 6);
    expect(q.y - p.y).toBeCloseTo(-12, 6);
  });

  it("holds all places that it is fitted around", () => {
    const places = [place(31, 40), place(36, 42.7), place(33, 39.5)];
    for (const [width, height] of [[800, 600], [390, 268]] as const) {
      const fitted = Camera.around(places, width, height, 24);
      for (const { x, y } of places.map((p) => fitted.pixel(p))) {
        expect(x).toBeGreaterThanOrEqual(23.9);
        expect(x).toBeLessThanOrEqual(width - 23.9);
        expect(y).toBeGreaterThanOrEqual(23.9);
        expect(y).toBeLessThanOrEqual(height - 23.9);
      }
    }
  });

  it("measures great circles", () => {
    // a quarter of the meridian on a sphere
    expect(distance(place(0, 0), place(0, 90))).toBeCloseTo((Math.PI / 2) * EARTH_RADIUS, 3);
    const there = beyond(place(34, 41), 75 * RADIANS, 250000);
    expect(distance(place(34, 41), there)).toBeCloseTo(250000, 3);
    expect(bearing(place(34, 41), there)).toBeCloseTo(75 * RADIANS, 9);
    const half = between(place(30, 40), place(32, 40), 0.5);
    expect(half.longitude).toBeCloseTo(31 * RADIANS, 12);
  });

  it("draws a scale bar that is as long as it says", () => {
    const { px, label } = scaleBar(camera, "aviation");
    const metres = distance(camera.place({ x: 400, y: 300 }), camera.place({ x: 400 + px, y: 300 }));
    // a straight line on the map against the great circle, at 100 km: below one part in a thousand
    expect(Math.abs(metres / 1852 / parseFloat(label) - 1)).toBeLessThan(1e-3);
    expect(px).toBeGreaterThan(60);
  });

  it("keeps the graticule between sparse and crowded at every zoom", () => {
    for (let zoom = 2; zoom < 15; zoom += 0.37) {
      const one = Camera.at(place(34, 41), zoom, 800, 600);
      const px = (gridStep(one) * one.scale) / 360;
      expect(px).toBeGreaterThanOrEqual(Math.min(110, (30 * one.scale) / 360));
      if (zoom < 14) expect(px).toBeLessThan(340);
    }
  });
});

describe("lines", () => {
  it("clips without moving them", () => {
    const part = clipped({ x: -1000, y: -500 }, { x: 3000, y: 1500 }, 800, 600, 0);
    for (const p of part ?? []) expect(p.y).toBeCloseTo(p.x / 2, 6);
    expect(part?.[0].x).toBeCloseTo(0, 6);
    expect(clipped({ x: -10, y: -10 }, { x: -10, y: 900 }, 800, 600, 0)).toBeNull();
  });

  it("points fence ticks to the same side whatever the zoom", () => {
    const square = [{ x: 100, y: 100 }, { x: 300, y: 100 }, { x: 300, y: 300 }, { x: 100, y: 300 }];
    expect(turning(square)).toBeGreaterThan(0);
    const marks = [...ticks(square, 1, { width: 800, height: 600 }).matchAll(/M([\d.-]+) ([\d.-]+)l([\d.-]+) ([\d.-]+)/g)];
    expect(marks.length).toBeGreaterThan(40);
    for (const [, x, y, dx, dy] of marks.map((m) => m.map(Number))) {
      const before = Math.hypot((x as number) - 200, (y as number) - 200);
      const after = Math.hypot((x as number) + (dx as number) - 200, (y as number) + (dy as number) - 200);
      expect(after).toBeGreaterThan(before);
    }
  });
});
