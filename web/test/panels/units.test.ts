import { describe, expect, it } from "vitest";
import { amount, callsign, clock, degrees3, delay, duration, fieldName, figure, fromSi, margin, percent, toSi, version, withUnit } from "../../src/units";

const NBSP = "\u00a0";

describe("numbers as a person reads them", () => {
  it("knows the defined sizes of foot, knot and nautical mile", () => {
    expect(fromSi(0.3048, "height", "aviation")).toBeCloseTo(1, 12); // foot: exactly 0.3048 m
    expect(fromSi(1852 / 3600, "speed", "aviation")).toBeCloseTo(1, 12); // knot: exactly 1 852 m in an hour
    expect(fromSi(1852, "distance", "aviation")).toBeCloseTo(1, 12);
    expect(fromSi(1, "speed", "metric")).toBeCloseTo(3.6, 12);
  });
  it("comes back from every unit", () => {
    for (const system of ["aviation", "metric"] as const)
      for (const quantity of ["speed", "height", "distance", "climb"] as const) expect(toSi(fromSi(123.4, quantity, system), quantity, system)).toBeCloseTo(123.4, 9);
  });
  it("writes thousands with a space, a true minus, and no negative zero", () => {
    expect(figure(13940)).toBe(`13${NBSP}940`);
    expect(figure(-12)).toBe("−12");
    expect(figure(-0.2)).toBe("0");
    expect(figure(1234567.25, 1)).toBe(`1${NBSP}234${NBSP}567.3`);
  });
  it("shows what is not known as an en dash, never as 0", () => {
    for (const value of [null, undefined, NaN, Infinity]) {
      expect(figure(value)).toBe("–");
      expect(withUnit(value, "height", "aviation")).toBe("–");
      expect(duration(value)).toBe("–");
      expect(degrees3(value)).toBe("–");
    }
  });
  it("rounds margins towards danger", () => {
    expect(margin(14.9)).toBe("14");
    expect(margin(-0.1)).toBe("−1");
    expect(percent(0.149)).toBe("14 %");
    expect(percent(0.15)).toBe("15 %"); // 0.15 * 100 is not less than 15 in floating point
  });
  it("never lets a duration look like a clock", () => {
    expect(duration(51060)).toBe("14 h 11");
    expect(duration(840)).toBe("14 min");
    expect(duration(59.9)).toBe("59 s");
    expect(duration(51060)).not.toMatch(/:/);
    expect(clock(51060)).toBe("14:11");
  });
  it("writes headings with three figures and wraps at north", () => {
    expect(degrees3((82 * Math.PI) / 180)).toBe("082");
    expect(degrees3((359.7 * Math.PI) / 180)).toBe("000");
    expect(degrees3((-10 * Math.PI) / 180)).toBe("350");
  });
  it("names aircraft by two digits and stations by S", () => {
    expect(callsign(1)).toBe("01");
    expect(callsign(243)).toBe("S3");
  });
  it("shortens a field to its code and an opaque version to four digits", () => {
    expect(fieldName("Astana (UACC)")).toBe("UACC");
    expect(fieldName("LTAC")).toBe("LTAC");
    expect(fieldName(null)).toBe("–");
    expect(version(7)).toBe("v7");
    expect(version(0x12346f21)).toBe("v6f21");
    expect(version(0)).toBe("–");
  });
  it("gives delays in ms below a second, heights to 10 ft", () => {
    expect(delay(0.61)).toBe("610 ms");
    expect(delay(1.24)).toBe("1.2 s");
    expect(amount(4249, "height", "aviation")).toBe(`13${NBSP}940`);
    expect(amount(4249, "height", "metric")).toBe(`4${NBSP}249`);
  });
});
