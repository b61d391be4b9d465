/**
 * What is wrong with a list of items before anyone is asked: what the aircraft refuses whoever it is, and what it tells and
 * flies. Never stricter than its rules (src/samruk/rules/), which the server is asked for besides.
 */
import type { Item, Kind } from "../wire";
import { areas } from "../map/fence";
import { DO_JUMP, DO_SET_ROI_LOCATION, kindOf, NAV_ARC_WAYPOINT, NAV_LAND, NAV_RETURN_TO_LAUNCH, NAV_TAKEOFF, placeOf, RALLY_POINT } from "./commands";

export type FaultKey = "empty" | "no_place" | "no_height" | "jump_target" | "arc_angle" | "no_landing" | "few_corners" | "no_radius" | "crossing";

export interface Fault {
  readonly item: number | null;
  readonly key: FaultKey;
  /** An error is refused; a warning is told and flown. */
  readonly severity: "error" | "warning";
}

/** Arcs that are flown [deg]. */
const LEAST_ARC = 1;
const MOST_ARC = 359;
/** Circles of a fence [m]. */
const LEAST_RADIUS = 1;
const MOST_RADIUS = 2e6;

const refused = (item: number, key: FaultKey): Fault => ({ item, key, severity: "error" });
const told = (key: FaultKey): Fault => ({ item: null, key, severity: "warning" });

export function faults(items: readonly Item[], kind: Kind): Fault[] {
  if (kind === "fence") return fenceFaults(items);
  const found = items.flatMap((item, i) => itemFaults(items, item, i));
  if (kind === "rally") return found;
  if (items.length === 0) return [told("empty")];
  const lands = items.some((item) => item.command === NAV_LAND || item.command === NAV_RETURN_TO_LAUNCH);
  return lands ? found : [...found, told("no_landing")];
}

function itemFaults(items: readonly Item[], item: Item, i: number): Fault[] {
  const place = placeOf(item);
  const found: Fault[] = [];
  const say = (key: FaultKey) => found.push(refused(i, key));
  if (mustStand(item) && !place) say("no_place");
  else if (place && mustBeHigh(item) && item.altitude === null) say("no_height");
  if (item.command === DO_JUMP && !jumps(items, item, i)) say("jump_target");
  if (item.command === NAV_ARC_WAYPOINT && !turns(item)) say("arc_angle");
  return found;
}

/** A take-off may do without a place: it is where the aircraft stands. */
function mustStand(item: Item): boolean {
  return item.command === RALLY_POINT || (item.command !== NAV_TAKEOFF && (kindOf(item)?.placed ?? false));
}

function mustBeHigh(item: Item): boolean {
  const kind = kindOf(item);
  return item.command === RALLY_POINT || item.command === DO_SET_ROI_LOCATION || (kind !== null && kind.flown && kind.high);
}

/** The aircraft takes the whole part of the number, and an unset one as 0. */
function jumps(items: readonly Item[], item: Item, i: number): boolean {
  const to = item.params[0] ?? 0;
  return to >= 0 && Math.trunc(to) < items.length && Math.trunc(to) !== i;
}

function turns(item: Item): boolean {
  const swept = Math.abs(item.params[0] ?? 0);
  return swept >= LEAST_ARC && swept <= MOST_ARC;
}

function fenceFaults(items: readonly Item[]): Fault[] {
  return areas(items).flatMap((area): Fault[] => {
    const radius = area.radius ?? 0;
    if (area.centre) return radius >= LEAST_RADIUS && radius <= MOST_RADIUS ? [] : [refused(area.item, "no_radius")];
    if (area.points.length < 3) return [refused(area.item, "few_corners")];
    return crosses(area.points.map((p) => [p.longitude, p.latitude])) ? [refused(area.item, "crossing")] : [];
  });
}

type XY = readonly number[];

function side([ax = 0, ay = 0]: XY, [bx = 0, by = 0]: XY, [cx = 0, cy = 0]: XY): number {
  return Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
}

/** Does an outline cross itself? */
export function crosses(points: readonly XY[]): boolean {
  const n = points.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      const [a, b, c, d] = [points[i], points[(i + 1) % n], points[j], points[(j + 1) % n]] as [XY, XY, XY, XY];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}
