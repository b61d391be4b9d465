/** The landing pattern: circle down on the side of the centre line, leave it along the glide path, land on the threshold. */
import type { Aerodrome, Item, Runway } from "../wire";
import { bearing, beyond, distance, type Place } from "../map/projection";
import { DO_LAND_START, made, NAV_LAND, NAV_LOITER_TO_ALT, placeOf } from "./commands";
import { loiterRadius } from "./trace";

export interface Pattern {
  readonly field: Aerodrome;
  readonly runway: Runway;
  /** Glide slope below the horizon [rad]. */
  readonly slope: number;
  /** Height above the field at which the glide begins [m]. */
  readonly height: number;
  /** Radius of the circle [m], positive clockwise. */
  readonly radius: number;
}

/** Where the glide begins: on the centre line, as far out as slope and height ask. */
export function glideStart(pattern: Pattern): Place {
  return beyond(pattern.runway, pattern.runway.course + Math.PI, pattern.height / Math.tan(pattern.slope));
}

/** The items of a pattern. */
export function landingItems(pattern: Pattern): Item[] {
  const start = glideStart(pattern);
  const side = pattern.radius >= 0 ? Math.PI / 2 : -Math.PI / 2;
  const centre = beyond(start, pattern.runway.course + side, Math.abs(pattern.radius));
  const circle = made(NAV_LOITER_TO_ALT, centre, pattern.field.altitude + pattern.height);
  circle.params = [1, pattern.radius, 0, 1];
  const land = made(NAV_LAND, pattern.runway, pattern.field.altitude);
  return [made(DO_LAND_START, null, null), circle, land];
}

/** Where an aircraft leaves a circle straight towards a place; the centre where it is within the circle. */
export function leaving(centre: Place, radius: number, towards: Place): Place {
  const away = distance(centre, towards);
  const size = Math.abs(radius);
  if (size <= 0 || away <= size) return centre;
  const turn = Math.sign(radius) * Math.acos(size / away);
  return beyond(centre, bearing(centre, towards) - turn, size);
}

/** Slope of the last stretch of a landing [rad], null where the items do not say. */
export function slopeOf(items: readonly Item[], land: number): number | null {
  const item = items[land];
  const to = item && placeOf(item);
  if (!item || item.command !== NAV_LAND || !to || item.altitude === null) return null;
  for (let i = land - 1; i >= 0; i--) {
    const before = items[i] as Item;
    const place = placeOf(before);
    if (!place || before.altitude === null || before.frame !== item.frame) continue;
    const from = leaving(place, loiterRadius(before), to);
    return Math.atan2(before.altitude - item.altitude, Math.max(1, distance(from, to)));
  }
  return null;
}
