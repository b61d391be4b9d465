import { describe, expect, it } from "vitest";
import { lanes, linkless, night, runs, scale, segments, spans, sunHeight } from "../../src/panels/strip-geometry";
import type { Strip } from "../../src/wire";

const column = <T>(value: T, n = 10): T[] => Array.from({ length: n }, () => value);

const strip = (more: Partial<Strip> = {}): Strip => ({
  t: "strip", sysid: 1, s: Array.from({ length: 10 }, (_, i) => i * 600), altitude: column(1000), ground: column(0), ice: column(0), stall_margin: column(0.2),
  los_db: column<number | null>(10), satellite_db: column<number | null>(5), fuel: column(100), mode: column<string | null>("ROUTE"), by: column<number | null>(241),
  latitude: column(0.7), longitude: column(0.57), now: 5, start_unix_s: 0, ...more,
});

describe("the strip's header", () => {
  it("keeps its lanes apart and within 133 px", () => {
    const l = lanes(1440);
    const order = [l.height, l.ice, l.link, l.fuel, l.mode];
    order.slice(1).forEach((lane, i) => expect(lane.top).toBeGreaterThanOrEqual(order[i]!.top + order[i]!.tall));
    expect(order.map((lane) => lane.tall)).toEqual([46, 7, 7, 18, 13]);
    expect(l.bottom + 18).toBeLessThanOrEqual(133);
  });
  it("breaks a curve where a value is not known", () => {
    const s = strip({ fuel: [1, 2, 3, null, 5, 6, 7, 8, 9, 10] as never });
    const found = runs(s, s.fuel, 0, 9, scale(s, lanes(1440)), (v) => v);
    expect(found).toHaveLength(2);
  });
  it("never draws a gap narrower than 2.5 px", () => {
    const s = strip({ los_db: column<number | null>(-1), satellite_db: [5, 5, -1, 5, 5, 5, 5, 5, 5, 5] });
    const gaps = spans(s, (i) => linkless(s, i), scale(s, lanes(70)));
    expect(gaps).toHaveLength(1);
    expect(gaps[0]!.width).toBeGreaterThanOrEqual(2.5);
  });
  it("says nothing about a link whose margins are not known", () => {
    expect(linkless(strip({ los_db: column(null), satellite_db: column(null) }), 3)).toBe(false);
  });
  it("cuts modes at a change and at now, and marks what the aircraft began", () => {
    const s = strip({ mode: ["A", "A", "B", "B", "B", "B", "B", "B", "B", "B"], by: [241, 241, 0, 0, 0, 0, 0, 0, 0, 0] });
    const found = segments(s, scale(s, lanes(1440)));
    expect(found.map((m) => [m.mode, m.itself, m.from])).toEqual([["A", false, 0], ["B", true, 2], ["B", true, 5]]);
    expect(found[0]!.x + found[0]!.width).toBeCloseTo(found[1]!.x, 6);
  });
});

describe("the sun", () => {
  const RAD = Math.PI / 180;
  it("stands over the tropic at noon of the June solstice", () => {
    // 21 June 2024, Greenwich: noon height at 51.4779 N is 90 - 51.4779 + 23.44 = 61.96 degrees
    const noon = Date.UTC(2024, 5, 21, 12, 2) / 1000; // the equation of time is about -2 min
    expect(sunHeight(noon, 51.4779 * RAD, 0) / RAD).toBeCloseTo(61.96, 1); // two minutes of time move it by hundredths at noon
  });
  it("rises at 05:10 UTC in Ankara on 20 January, as almanacs say within 5 min", () => {
    const at = (h: number, m: number) => sunHeight(Date.UTC(2026, 0, 20, h, m) / 1000, 39.93 * RAD, 32.86 * RAD) / RAD;
    expect(at(4, 58)).toBeLessThan(-0.833); // rise and set are counted at -0.833 degrees: half a disc and refraction
    expect(at(5, 13)).toBeGreaterThan(-0.833);
  });
  it("makes night by place and time, and none without the time", () => {
    expect(night(strip({ start_unix_s: Date.UTC(2026, 0, 20, 0, 0) / 1000 }), 0)).toBe(true);
    expect(night(strip({ start_unix_s: Date.UTC(2026, 0, 20, 10, 0) / 1000 }), 0)).toBe(false);
    expect(night(strip({ start_unix_s: null }), 0)).toBe(false);
  });
});
