import { describe, expect, it } from "vitest";
import { DEGREES, headingTicks, nearLower, nearUpper, pathVector, tapeTicks, tapeY, thin, timeStep, turn } from "../../src/panels/geometry";

const tape = { shown: 71.3, centre: 140, perUnit: 4.2 };

describe("the tapes", () => {
  it("put the shown value at the centre and greater values above", () => {
    expect(tapeY(71.3, tape)).toBe(140);
    expect(tapeY(81.3, tape)).toBeCloseTo(98, 9);
  });
  it("put every tick where its figure says", () => {
    for (const tick of tapeTicks(tape, 32, 252, 5, 2)) {
      expect((140 - tick.at) / 4.2 + 71.3).toBeCloseTo(tick.value, 9);
      expect(tick.at).toBeGreaterThanOrEqual(32 - 1e-9);
      expect(tick.at).toBeLessThanOrEqual(252 + 1e-9);
      expect(tick.major).toBe(tick.value % 10 === 0);
    }
  });
  it("miss no tick between their ends", () => {
    const ticks = tapeTicks(tape, 32, 252, 5, 2).map((k) => k.value);
    expect(ticks).toEqual([45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95]);
  });
  it("show no speed below zero", () => {
    expect(tapeTicks({ ...tape, shown: 3 }, 32, 252, 5, 2, 0)[0]!.value).toBe(0);
  });
});

describe("the compass", () => {
  it("turns the short way", () => {
    expect(turn(350, 10)).toBeCloseTo(20, 9);
    expect(turn(10, 350)).toBeCloseTo(-20, 9);
    expect(Math.abs(turn(0, 180))).toBe(180);
  });
  it("wraps its figures at north", () => {
    const ticks = headingTicks(2, 190, 4.4, 60);
    expect(ticks.map((k) => k.value)).toEqual([350, 355, 0, 5, 10, 15]);
    for (const k of ticks) expect(turn(2, k.value) * 4.4 + 190).toBeCloseTo(k.at, 9);
  });
});

describe("limits", () => {
  it("rest, come near and are passed", () => {
    expect(nearLower(25, 10, 5)).toBe("rest");
    expect(nearLower(15, 10, 5)).toBe("near");
    expect(nearLower(10, 10, 5)).toBe("past");
    expect(nearUpper(95, 100, 10)).toBe("near");
    expect(nearUpper(101, 100, 10)).toBe("past");
  });
});

describe("the flight path vector", () => {
  const level = { theta: 3 / DEGREES, psi: 1, ground: 40, course: 1, climb: 0 };
  it("lies on the horizon in level flight", () => {
    expect(pathVector(level, 7.2)).toEqual({ x: 0, y: expect.closeTo(3 * 7.2, 9) });
  });
  it("rises by the angle of the climb and drifts with the wind", () => {
    const up = pathVector({ ...level, climb: 40 * Math.tan(2 / DEGREES), course: 1 + 4 / DEGREES }, 7.2)!;
    expect(up.y).toBeCloseTo((3 - 2) * 7.2, 9);
    expect(up.x).toBeCloseTo(4 * 7.2, 9);
  });
  it("is not drawn on the ground, where a path has no direction", () => {
    expect(pathVector({ ...level, ground: 0.5 }, 7.2)).toBeNull();
  });
});

describe("curves and axes", () => {
  it("thin to the same picture: no left-out point is off by more than the tolerance", () => {
    const points = Array.from({ length: 400 }, (_, i) => [i, 20 * Math.sin(i / 25)] as const);
    const few = thin(points, 0.3);
    expect(few.length).toBeLessThan(120);
    for (const [x, y] of points) {
      const after = few.findIndex((p) => p[0] >= x);
      const b = few[after]!;
      const a = few[Math.max(0, after - 1)]!;
      const line = a[0] === b[0] ? b[1] : a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
      expect(Math.abs(line - y)).toBeLessThan(0.45); // 0.3 across the line; along y a steep line shows more
    }
  });
  it("leave 44 px between times", () => {
    for (const span of [840, 3600 * 3, 3600 * 30]) expect((timeStep(span, 1360) / span) * 1360).toBeGreaterThanOrEqual(44);
  });
});
