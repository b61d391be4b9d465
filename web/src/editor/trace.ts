/** The way that a list of mission items describes: where the aircraft goes, how high, and what it does there. */
import type { Item } from "../wire";
import { leaving } from "./landing";
import { beyond, bearing, distance, type Place } from "../map/projection";
import {
  altitudeFrame, DO_FIGURE_EIGHT, kindOf, NAV_ARC_WAYPOINT, NAV_LAND, NAV_LOITER_TIME, NAV_LOITER_TO_ALT, NAV_LOITER_TURNS,
  NAV_LOITER_UNLIM, NAV_RETURN_TO_LAUNCH, placeOf,
} from "./commands";

export interface Spot extends Place {
  /** Metres above the sea, null where the frame's datum is not known. */
  readonly altitude: number | null;
}

/** The way to one item. */
export interface Leg {
  readonly item: number;
  readonly points: readonly Spot[];
  readonly length: number;
}

/** What is flown about an item's place. */
export interface Shape {
  readonly item: number;
  readonly points: readonly Place[];
}

export interface Trace {
  readonly legs: readonly Leg[];
  readonly shapes: readonly Shape[];
  /** Items that stand somewhere, flown to or looked at. */
  readonly spots: readonly { readonly item: number; readonly spot: Spot; readonly flown: boolean }[];
}

export interface Datum {
  readonly home: (Place & { readonly altitude: number | null }) | null;
  /** Ground under an item [m], where it is known. */
  readonly ground?: readonly (number | null)[];
}

const ARC_STEP = Math.PI / 36;

/** Altitude of an item above the sea [m]. */
export function altitudeOf(item: Item, index: number, datum: Datum): number | null {
  if (item.altitude === null) return null;
  const frame = altitudeFrame(item.frame);
  if (frame === "sea") return item.altitude;
  const under = frame === "home" ? datum.home?.altitude : datum.ground?.[index];
  return typeof under === "number" ? item.altitude + under : null;
}

/** The way through all items, in their order; jumps are not followed. */
export function trace(items: readonly Item[], datum: Datum): Trace {
  const legs: Leg[] = [];
  const shapes: Shape[] = [];
  const spots: { item: number; spot: Spot; flown: boolean }[] = [];
  let last: Spot | null = null;
  let circling = 0;
  items.forEach((item, index) => {
    const flown: boolean = item.command === NAV_RETURN_TO_LAUNCH || (kindOf(item)?.flown ?? false);
    const spot = spotOf(item, index, datum, last);
    if (!spot) return;
    spots.push({ item: index, spot, flown });
    if (!flown) return;
    const from: Spot | null = last && item.command === NAV_LAND ? { ...leaving(last, circling, spot), altitude: last.altitude } : last;
    if (from) legs.push(legTo(item, index, from, spot));
    shapes.push(...shapeAt(item, index, spot));
    last = spot;
    circling = loiterRadius(item);
  });
  return { legs, shapes, spots };
}

function spotOf(item: Item, index: number, datum: Datum, last: Spot | null): Spot | null {
  if (item.command === NAV_RETURN_TO_LAUNCH) {
    return datum.home && { latitude: datum.home.latitude, longitude: datum.home.longitude, altitude: last?.altitude ?? null };
  }
  const place = placeOf(item);
  return place && { ...place, altitude: altitudeOf(item, index, datum) };
}

function legTo(item: Item, index: number, from: Spot, to: Spot): Leg {
  const swept = item.command === NAV_ARC_WAYPOINT ? ((item.params[0] ?? 0) * Math.PI) / 180 : 0;
  const points = Math.abs(swept) > 1e-3 ? arc(from, to, swept) : [from, to];
  return { item: index, points, length: lengthOf(points) };
}

/** Length along places [m]. */
export function lengthOf(points: readonly Place[]): number {
  return points.slice(1).reduce((sum, b, i) => sum + distance(points[i] as Place, b), 0);
}

/** Part of a circle from one place to another, swept clockwise when positive [rad]; height changes evenly along it. */
export function arc(from: Spot, to: Spot, swept: number): Spot[] {
  const chord = distance(from, to);
  const radius = chord / 2 / Math.max(1e-6, Math.abs(Math.sin(swept / 2)));
  const inward = bearing(from, to) + Math.sign(swept) * (Math.PI / 2 - Math.abs(swept) / 2);
  const centre = beyond(from, inward, radius);
  const start = bearing(centre, from);
  const steps = Math.max(2, Math.ceil(Math.abs(swept) / ARC_STEP));
  const points: Spot[] = [];
  for (let i = 0; i <= steps; i++) {
    const part = i / steps;
    points.push({ ...beyond(centre, start + swept * part, radius), altitude: mix(from.altitude, to.altitude, part) });
  }
  points[0] = from;
  points[steps] = to;
  return points;
}

export function mix(a: number | null, b: number | null, part: number): number | null {
  return a === null || b === null ? null : a + (b - a) * part;
}

/** Places on a circle. */
export function circle(centre: Place, radius: number, steps = 48): Place[] {
  return Array.from({ length: steps + 1 }, (_, i) => beyond(centre, (2 * Math.PI * i) / steps, Math.abs(radius)));
}

function shapeAt(item: Item, index: number, spot: Spot): Shape[] {
  const radius = loiterRadius(item);
  if (radius) return [{ item: index, points: circle(spot, radius) }];
  if (item.command === DO_FIGURE_EIGHT) return [{ item: index, points: figureEight(item, spot) }];
  return [];
}

/** Radius of the circle that an item flies [m], positive clockwise; 0 where the aircraft chooses or there is none. */
export function loiterRadius(item: Item): number {
  if ([NAV_LOITER_UNLIM, NAV_LOITER_TURNS, NAV_LOITER_TIME].includes(item.command)) return item.params[2] ?? 0;
  return item.command === NAV_LOITER_TO_ALT ? (item.params[1] ?? 0) : 0;
}

/** Two circles joined by crossing straights, the long axis along the orientation. */
function figureEight(item: Item, centre: Place): Place[] {
  const long = Math.abs(item.params[0] ?? 0) || 2000;
  const short = Math.min(Math.abs(item.params[1] ?? 0) || 600, long);
  const axis = (item.params[3] ?? 0) + Math.PI / 2;
  const half = Math.max(long - short, short);
  const contact = Math.acos(Math.min(1, short / half));
  const lobe = (towards: number, turn: number) => {
    const middle = beyond(centre, towards, half);
    const start = towards + Math.PI - turn * contact;
    const swept = turn * (2 * Math.PI - 2 * contact);
    return Array.from({ length: 25 }, (_, i) => beyond(middle, start - (swept * i) / 24 , short));
  };
  const far = lobe(axis, 1);
  const near = lobe(axis + Math.PI, -1);
  return [...far, ...near, far[0] as Place];
}

/** All points of the way from an item on: from where the aircraft is, else from where the way begins. */
export function ahead(way: Trace, from: number, start: Spot | null): Spot[] {
  const first = way.spots.find((one) => one.flown && one.item >= from);
  if (!first) return start ? [start] : [];
  const leg = way.legs.find((one) => one.item === first.item);
  const points = start ? [start, ...entering(first.spot, leg, start)] : [...(leg?.points ?? [first.spot])];
  for (const one of way.legs) if (one.item > first.item) points.push(...one.points.slice(1));
  return points;
}

/** What is left of the leg that is being flown; an arc is joined where the aircraft is nearest to it. */
function entering(to: Spot, leg: Leg | undefined, start: Spot): readonly Spot[] {
  return leg && leg.points.length > 2 ? leg.points.slice(nearest(leg.points, start)) : [to];
}

function nearest(points: readonly Spot[], to: Place): number {
  let [best, least] = [1, Infinity];
  points.forEach((point, i) => {
    const away = distance(point, to);
    if (i > 0 && away < least) [best, least] = [i, away];
  });
  return best;
}

/** The part of a way between two distances from its start [m]. */
export function stretch(points: readonly Spot[], from: number, to: number): Spot[] {
  const out: Spot[] = [];
  let run = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as Spot, points[i] as Spot];
    const length = distance(a, b);
    const [start, end] = [Math.max(from, run), Math.min(to, run + length)];
    if (length > 0 && end > start) {
      if (out.length === 0) out.push(along(a, b, (start - run) / length));
      out.push(along(a, b, (end - run) / length));
    }
    run += length;
  }
  return out;
}

function along(a: Spot, b: Spot, part: number): Spot {
  return {
    latitude: a.latitude + (b.latitude - a.latitude) * part,
    longitude: a.longitude + (b.longitude - a.longitude) * part,
    altitude: mix(a.altitude, b.altitude, part),
  };
}
