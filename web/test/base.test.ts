import { describe, expect, it } from "vitest";
import { drawBase, type Relief } from "../src/map/base";
import { Camera, RADIANS } from "../src/map/projection";

/** A canvas that only writes down what is drawn on it and what is clipped. */
function paper() {
  const drawn: { image: unknown; x: number; y: number; width: number }[] = [];
  const clips: string[] = [];
  const plain = new Set(["setTransform", "fillRect", "fill", "stroke", "beginPath", "moveTo", "lineTo", "save", "restore", "rect"]);
  const context = new Proxy({}, {
    get: (_, name) => {
      if (name === "drawImage") return (...a: unknown[]) => drawn.push({ image: a[0], x: a[5] as number, y: a[6] as number, width: a[7] as number });
      if (name === "clip") return (rule: string) => clips.push(rule);
      return plain.has(String(name)) ? () => undefined : undefined;
    },
    set: () => true,
  });
  return { context: context as CanvasRenderingContext2D, drawn, clips };
}

const COLOURS = { sea: "", land: "", coast: "", grid: "" };
const camera = Camera.at({ latitude: 40.5 * RADIANS, longitude: 34 * RADIANS }, 8, 1200, 800);
const tile = (name: string, west: number): Relief => ({
  image: { name, width: 100, height: 100 } as unknown as Relief["image"],
  bounds: { south: 40 * RADIANS, west: west * RADIANS, north: 41 * RADIANS, east: (west + 1) * RADIANS },
});

describe("the base of the map", () => {
  it("draws every tile of terrain, each at its place", () => {
    const { context, drawn, clips } = paper();
    const tiles = [tile("a", 33), tile("b", 34)];
    drawBase(context, camera, 1, COLOURS, null, tiles);
    for (const one of tiles) {
      const mine = drawn.filter((each) => each.image === one.image);
      expect(mine.length).toBeGreaterThan(0);
      for (const each of mine) expect(each.x).toBeCloseTo(camera.pixel({ latitude: one.bounds.north, longitude: one.bounds.west }).x, 6);
    }
    expect(clips).toEqual([]);
  });

  it("shades no place twice where two tiles know it", () => {
    const { context, clips } = paper();
    drawBase(context, camera, 1, COLOURS, null, [tile("a", 33), tile("b", 33.5)]);
    expect(clips).toEqual(["evenodd"]);
  });
});
