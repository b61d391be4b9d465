/** The mission strip as a header: where its lanes lie and what is drawn in them. Numbers only; the panel paints them. */
import { known } from "../units";
import type { Strip } from "../wire";
import { thin } from "./geometry";

export type XY = readonly [number, number];

export interface Lanes {
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly height: { readonly top: number; readonly tall: number };
  readonly ice: { readonly top: number; readonly tall: number };
  readonly link: { readonly top: number; readonly tall: number };
  readonly fuel: { readonly top: number; readonly tall: number };
  readonly mode: { readonly top: number; readonly tall: number };
  readonly bottom: number;
}

/** The header's lanes: height 46, ice 7, link 7, fuel 18, mode 13; on a phone the names stand in the lanes. */
export function lanes(width: number): Lanes {
  const phone = width < 700;
  const left = phone ? 10 : 66;
  const right = phone ? 10 : 14;
  return {
    left, right, width: Math.max(60, width - left - right),
    height: { top: 4, tall: 46 }, ice: { top: 55, tall: 7 }, link: { top: 66, tall: 7 }, fuel: { top: 77, tall: 18 }, mode: { top: 99, tall: 13 }, bottom: 112,
  };
}

export interface Scale {
  readonly x: (s: number) => number;
  readonly start: number;
  readonly end: number;
}

/** Time along the strip. */
export function scale(strip: Strip, lane: Lanes): Scale {
  const start = strip.s[0] ?? 0;
  const end = Math.max(start + 60, strip.s[strip.s.length - 1] ?? start);
  return { start, end, x: (s) => lane.left + ((s - start) / (end - start)) * lane.width };
}

/** Runs of known values of a column between two indices (the last one included), as points. */
export function runs(strip: Strip, column: readonly (number | null)[], from: number, to: number, at: Scale, y: (value: number) => number): XY[][] {
  const found: XY[][] = [[]];
  for (let i = Math.max(0, from); i <= to && i < strip.s.length; i++) {
    const value = column[i];
    if (!known(value)) found.push([]);
    else found[found.length - 1]!.push([at.x(strip.s[i]!), y(value)]);
  }
  return found.filter((run) => run.length > 1).map((run) => [...thin(run)]);
}

export interface Span {
  readonly x: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

/** Stretches of indices where a test holds, in px; none narrower than `least`. */
export function spans(strip: Strip, holds: (i: number) => boolean, at: Scale, least = 2.5): Span[] {
  const found: Span[] = [];
  let from = -1;
  for (let i = 0; i <= strip.s.length; i++) {
    const on = i < strip.s.length && holds(i);
    if (on && from < 0) from = i;
    if (!on && from >= 0) {
      const x = at.x(strip.s[from]!);
      const end = at.x(strip.s[Math.min(i, strip.s.length - 1)]!);
      found.push({ x, width: Math.max(least, end - x), from, to: i - 1 });
      from = -1;
    }
  }
  return found;
}

/** Is there no link at all at an index? Unknown margins of both bearers say nothing. */
export function linkless(strip: Strip, i: number): boolean {
  const los = strip.los_db[i];
  const sat = strip.satellite_db[i];
  return (known(los) || known(sat)) && (los ?? -1) <= 0 && (sat ?? -1) <= 0;
}

export interface Segment extends Span {
  readonly mode: string;
  /** True where the aircraft began it by itself. */
  readonly itself: boolean;
}

/** The modes one after another. */
export function segments(strip: Strip, at: Scale): Segment[] {
  const found: Segment[] = [];
  for (let i = 0; i < strip.s.length; ) {
    const mode = strip.mode[i] ?? "";
    let to = i;
    while (to + 1 < strip.s.length && (strip.mode[to + 1] ?? "") === mode && (strip.now !== to + 1 || to + 1 >= strip.s.length)) to++;
    const x = at.x(strip.s[i]!);
    const end = at.x(strip.s[Math.min(to + 1, strip.s.length - 1)]!);
    if (mode) found.push({ x, width: end - x, from: i, to, mode, itself: strip.by[i] === 0 });
    i = to + 1;
  }
  return found;
}

/** Full height of the height lane [m]: 6 600, or 2 400 where the flight never passes 3 000, by the language of the strip. */
export function fullHeight(strip: Strip): number {
  return Math.max(0, ...strip.altitude.filter(known)) > 3000 ? 6600 : Math.max(...strip.altitude.filter(known), 0) > 2400 ? 3000 : 2400;
}

/**
 * Height of the sun [rad] at a place [rad] and time [s since 1970]; the low-precision formulas of the Astronomical Almanac
 * (to 0.01 degrees between 1950 and 2050, as recalled), refraction left out.
 */
export function sunHeight(unix_s: number, latitude: number, longitude: number): number {
  const rad = Math.PI / 180;
  const days = unix_s / 86400 + 2440587.5 - 2451545;
  const mean = (357.528 + 0.9856003 * days) * rad;
  const along = (280.46 + 0.9856474 * days + 1.915 * Math.sin(mean) + 0.02 * Math.sin(2 * mean)) * rad;
  const tilt = 23.439 * rad;
  const declination = Math.asin(Math.sin(tilt) * Math.sin(along));
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(along), Math.cos(along));
  const sidereal = (280.46062 + 360.98564737 * days) * rad;
  const hour = sidereal + longitude - ascension;
  return Math.asin(Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hour));
}

/** Civil twilight ends 6 degrees below the horizon. */
const DUSK = (-6 * Math.PI) / 180;

/** Is it night at an index, at the aircraft's place? */
export function night(strip: Strip, i: number): boolean {
  const latitude = strip.latitude[i];
  const longitude = strip.longitude[i];
  if (strip.start_unix_s === null || !known(latitude) || !known(longitude)) return false;
  return sunHeight(strip.start_unix_s + strip.s[i]!, latitude, longitude) < DUSK;
}

/** The index up to which it is flown. */
export function flownTo(strip: Strip): number {
  return Math.max(0, Math.min(strip.s.length, strip.now) - 1);
}
