import { describe, expect, it } from "vitest";
import { picture } from "../../fake/day.mjs";
import { fault, plain, search } from "../../src/panels/parameters-page";
import { Store } from "../../src/store";

describe("a replay", () => {
  const at = (n: number, wall_ms: number, replaying: boolean) => ({ ...picture("quiet", 0, { n, wall_ms }), replaying });
  it("goes back in time and comes forward again, but late live pictures are dropped", () => {
    const store = new Store();
    store.take(at(100, 50_000, false));
    store.take(at(7, 1_000, true));
    expect(store.picture?.wall_ms).toBe(1_000);
    store.take(at(5, 500, true));
    expect(store.picture?.wall_ms).toBe(500);
    store.take(at(101, 50_100, false));
    store.take(at(99, 49_900, false));
    expect(store.picture?.wall_ms).toBe(50_100);
  });
});

describe("parameters", () => {
  const one = { name: "FUEL_RESERVE", value: 25, default: null, least: 10, most: 60, unit: "kg", words: "Fuel that a landing must leave" };
  it("are found by every word of name and meaning", () => {
    expect(search([one], "fuel landing")).toHaveLength(1);
    expect(search([one], "fuel wing")).toHaveLength(0);
    expect(search([one], " ")).toHaveLength(1);
  });
  it("are refused out of range and where no figure stands", () => {
    expect(fault(one, "25,5")).toBeNull();
    expect(fault(one, "61")).toContain("10 to 60");
    expect(fault(one, "")).not.toBeNull();
    expect(fault(one, "ten")).not.toBeNull();
  });
  it("show what was meant, not the noise of 32 bits", () => {
    expect(plain(Math.fround(4.2))).toBe("4.2");
  });
});
