/** What is wrong with a list of items before anyone is asked: the plain mistakes. The aircraft's own rules are asked of the server. */
import type { Item, Kind } from "../wire";
import { areas } from "../map/fence";
import { distance } from "../map/projection";
import { DO_JUMP, kindOf, NAV_ARC_WAYPOINT, NAV_LAND, NAV_RETURN_TO_LAUNCH, placeOf } from "./commands";
import { slopeOf } from "./landing";

export type FaultKey =
  | "empty" | "no_place" | "no_height" | "jump_target" | "arc_start" | "arc_angle" | "steep" | "no_landing" | "few_corners" | "no_radius" | "crossing";

export interface Fault {
  readonly item: number | null;
  readonly key: FaultKey;
}

/** Steeper than this no landing is planned [rad]; the aircraft's own limit may be lower and is asked of the server. */
const STEEPEST = (8 * Math.PI) / 180;

export function faults(items: readonly Item[], kind: Kind): Fault[] {
  if (kind === "fence") return fenceFaults(items);
  const found = items.flatMap((item, i) => itemFaults(items, item, i));
  if (kind === "rally") return found;
  if (items.length === 0) return [{ item: null, key: "empty" }];
  const lands = items.some((item) => item.command === NAV_LAND || item.command === NAV_RETURN_TO_LAUNCH);
  return lands ? found : [...found, { item: null, key: "no_landing" }];
}

function itemFaults(items: readonly Item[], item: Item, i: number): Fault[] {
  const kind = kindOf(item);
  const found: Fault[] = [];
  const say = (key: FaultKey) => found.push({ item: i, key });
  if (kind?.placed && !placeOf(item)) say("no_place");
  if (kind?.flown && kind.high && item.altitude === null) say("no_height");
  if (item.command === DO_JUMP && !jumps(items, item, i)) say("jump_target");
  if (item.command === NAV_ARC_WAYPOINT) arcFaults(items, item, i).forEach(say);
  const slope = item.command === NAV_LAND ? slopeOf(items, i) : null;
  if (slope !== null && (slope > STEEPEST || slope <= 0)) say("steep");
  return found;
}

function jumps(items: readonly Item[], item: Item, i: number): boolean {
  const to = item.params[0];
  return to !== null && Number.isInteger(to) && to >= 0 && to < items.length && to !== i;
}

function arcFaults(items: readonly Item[], item: Item, i: number): FaultKey[] {
  const before = items.slice(0, i).reverse().map(placeOf).find((place) => place !== null);
  const to = placeOf(item);
  const swept = Math.abs(item.params[0] ?? 0);
  if (!before || (to && distance(before, to) < 1)) return ["arc_start"];
  return swept < 1 || swept >= 355 ? ["arc_angle"] : [];
}

function fenceFaults(items: readonly Item[]): Fault[] {
  return areas(items).flatMap((area): Fault[] => {
    if (area.centre) return (area.radius ?? 0) > 0 ? [] : [{ item: area.item, key: "no_radius" }];
    if (area.points.length < 3) return [{ item: area.item, key: "few_corners" }];
    return crosses(area.points.map((p) => [p.longitude, p.latitude])) ? [{ item: area.item, key: "crossing" }] : [];
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
