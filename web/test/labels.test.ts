import { describe, expect, it } from "vitest";
import { boxOn, crossing, place, touches, type Wish } from "../src/map/labels";

/** A small reproducible stream of numbers in 0..1. */
function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function crowd(seed: number, count: number): { wishes: Wish[]; taken: { x: number; y: number; width: number; height: number }[] } {
  const random = stream(seed);
  const wishes = Array.from({ length: count }, (_, i): Wish => ({
    key: `n${i}`, x: random() * 800, y: random() * 560, width: 12 + random() * 150, height: 13, gap: 8, need: random() * 100, must: i < 3,
    sides: random() > 0.5 ? ["ne", "w"] : ["e"],
  }));
  const taken = wishes.map(({ x, y }) => ({ x: x - 5, y: y - 5, width: 10, height: 10 }));
  return { wishes, taken };
}

describe("names on the map", () => {
  it("never cross, never leave the picture and never cover a symbol, in 300 crowds", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { wishes, taken } = crowd(seed, 5 + (seed % 60));
      const surface = { width: 800, height: 560, taken, lines: [] };
      const boxes = place(wishes, surface).map((one) => one.box);
      const out = boxes.filter((box) => box.x < 0 || box.y < 0 || box.x + box.width > 800 || box.y + box.height > 560);
      const bad = boxes.flatMap((box, i) => [...boxes.slice(i + 1), ...taken].filter((other) => crossing(box, other)));
      expect([seed, out.length, bad.length]).toEqual([seed, 0, 0]);
    }
  });

  it("that must stand do stand, with a leader when they stand off", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { wishes, taken } = crowd(seed, 25);
      const placed = place(wishes, { width: 800, height: 560, taken, lines: [] });
      for (const wish of wishes.filter((one) => one.must)) expect(placed.map((one) => one.key)).toContain(wish.key);
    }
  });

  it("leave out the least needed first", () => {
    const same = { x: 60, y: 60, width: 110, height: 60, gap: 4 };
    const placed = place([{ key: "low", need: 1, ...same }, { key: "high", need: 9, ...same }], { width: 180, height: 120, taken: [], lines: [] });
    expect(placed.map((one) => one.key)).toEqual(["high"]);
  });

  it("keep off lines where another side is free", () => {
    const wish: Wish = { key: "a", x: 100, y: 100, width: 40, height: 12, gap: 6, need: 1, sides: ["e"] };
    const line = { x1: 100, y1: 100, x2: 300, y2: 100 };
    const [one] = place([wish], { width: 400, height: 200, taken: [], lines: [line] });
    expect(one && touches(line, one.box)).toBe(false);
    expect(touches(line, boxOn(wish, "e"))).toBe(true);
  });

  it("know a segment that crosses a box from one that passes by", () => {
    const box = { x: 10, y: 10, width: 20, height: 10 };
    expect(touches({ x1: 0, y1: 0, x2: 40, y2: 30 }, box)).toBe(true);
    expect(touches({ x1: 0, y1: 0, x2: 40, y2: 8 }, box)).toBe(false);
    expect(touches({ x1: 0, y1: 5, x2: 5, y2: 40 }, box)).toBe(false);
  });
});
