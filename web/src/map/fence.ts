/** Areas out of a list of MAVLink fence items. */
import type { Item } from "../wire";
import {
  FENCE_CIRCLE_EXCLUSION, FENCE_CIRCLE_INCLUSION, FENCE_POLYGON_EXCLUSION, FENCE_POLYGON_INCLUSION, placeOf,
} from "../editor/commands";
import { circle } from "../editor/trace";
import type { Place } from "./projection";

export interface Area {
  /** Stay inside, or stay out. */
  readonly keep: "in" | "out";
  readonly points: readonly Place[];
  /** First item of it, and how many belong to it. */
  readonly item: number;
  readonly count: number;
  /** Of a circle [m]. */
  readonly radius?: number;
  readonly centre?: Place;
}

/** The areas in their order; an unfinished polygon ends with the list. */
export function areas(items: readonly Item[]): Area[] {
  const found: Area[] = [];
  for (let i = 0; i < items.length; ) {
    const area = areaAt(items, i);
    if (area) found.push(area);
    i += area?.count ?? 1;
  }
  return found;
}

function areaAt(items: readonly Item[], i: number): Area | null {
  const item = items[i] as Item;
  const place = placeOf(item);
  if (!place) return null;
  if (item.command === FENCE_CIRCLE_INCLUSION || item.command === FENCE_CIRCLE_EXCLUSION) {
    const radius = item.params[0] ?? 0;
    const keep = item.command === FENCE_CIRCLE_INCLUSION ? "in" : "out";
    return { keep, points: circle(place, radius).slice(0, -1), item: i, count: 1, radius, centre: place };
  }
  if (item.command !== FENCE_POLYGON_INCLUSION && item.command !== FENCE_POLYGON_EXCLUSION) return null;
  const said = Math.max(1, Math.round(item.params[0] ?? 1));
  const part = items.slice(i, i + said).filter((one) => one.command === item.command);
  const points = part.map(placeOf).filter((one) => one !== null);
  return { keep: item.command === FENCE_POLYGON_INCLUSION ? "in" : "out", points, item: i, count: part.length };
}
