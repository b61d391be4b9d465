import { describe, expect, it } from "vitest";
import { ageNow, commandable, freshness, oldest } from "../../src/panels/age";

describe("the age of a value", () => {
  it("is plain to 2 s, amber to 5 s, struck out above", () => {
    expect(freshness(2)).toBe("fresh");
    expect(freshness(2.01)).toBe("old");
    expect(freshness(5)).toBe("old");
    expect(freshness(5.01)).toBe("dead");
    expect(freshness(null)).toBe("unknown");
  });
  it("carries no command when struck out or unknown", () => {
    expect([1, 4.9, 5.1, null].map(commandable)).toEqual([true, true, false, false]);
  });
  it("goes on growing when no picture comes", () => {
    expect(ageNow(0.4, 1000, 7000)).toBeCloseTo(6.4, 9);
    expect(ageNow(null, 1000, 7000)).toBeNull();
  });
  it("of a panel is that of its oldest part", () => {
    expect(oldest(0.2, null, 3)).toBe(3);
    expect(oldest(null)).toBeNull();
  });
});
