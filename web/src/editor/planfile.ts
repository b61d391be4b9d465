/** Plans as files: the `.plan` JSON of QGroundControl, with the lost-link route beside it. */
import type { Item, Kind } from "../wire";
import { RADIANS, type Place } from "../map/projection";
import {
  DO_JUMP, FENCE_CIRCLE_EXCLUSION, FENCE_CIRCLE_INCLUSION, FENCE_POLYGON_EXCLUSION, FENCE_POLYGON_INCLUSION, FRAME_HOME, FRAME_SEA, made,
  NAV_LAND, NAV_LOITER_TO_ALT, DO_LAND_START, placeOf, RALLY_POINT,
} from "./commands";
import { areas } from "../map/fence";

export type Plan = Record<Kind, Item[]>;

type Json = Record<string, unknown>;

/** A file that cannot be read, with the reason. */
export class PlanFileError extends Error {}

const degrees = (angle: number) => Math.round((angle / RADIANS) * 1e9) / 1e9;
const pair = (place: Place) => [degrees(place.latitude), degrees(place.longitude)];

// ---- writing

/** The text of a plan file. */
export function writePlan(plan: Plan, home: (Place & { altitude: number }) | null): string {
  const simple = (items: readonly Item[]) => items.map((item, i) => simpleItem(item, i));
  const whole = {
    fileType: "Plan",
    version: 1,
    groundStation: "samruk",
    geoFence: { version: 2, ...fenceJson(plan.fence) },
    rallyPoints: { version: 2, points: plan.rally.flatMap((item) => pointJson(item)) },
    mission: {
      version: 2, firmwareType: 12, vehicleType: 1, cruiseSpeed: 36, hoverSpeed: 5, globalPlanAltitudeMode: 0,
      plannedHomePosition: home ? [...pair(home), home.altitude] : [0, 0, 0], items: simple(plan.mission),
    },
    lostLink: { version: 1, items: simple(plan.lost_link) },
  };
  return `${JSON.stringify(whole, null, 4)}\n`;
}

function pointJson(item: Item): number[][] {
  const place = placeOf(item);
  return place ? [[...pair(place), item.altitude ?? 0]] : [];
}

function simpleItem(item: Item, index: number): Json {
  const place = placeOf(item);
  const [latitude, longitude] = place ? pair(place) : [0, 0];
  const params = [...item.params];
  if (item.command === DO_JUMP && params[0] != null) params[0] += 1;
  return {
    type: "SimpleItem", autoContinue: item.autocontinue, command: item.command, doJumpId: index + 1, frame: item.frame,
    params: [...params, latitude, longitude, item.altitude ?? 0],
  };
}

function fenceJson(items: readonly Item[]): { circles: Json[]; polygons: Json[] } {
  const all = areas(items);
  return {
    circles: all.filter((area) => area.centre).map((area) => ({
      version: 1, inclusion: area.keep === "in", circle: { center: pair(area.centre as Place), radius: area.radius },
    })),
    polygons: all.filter((area) => !area.centre).map((area) => ({ version: 1, inclusion: area.keep === "in", polygon: area.points.map(pair) })),
  };
}

// ---- reading

function record(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function placeFrom(value: unknown): Place | null {
  const [latitude, longitude] = list(value).map(number);
  if (latitude == null || longitude == null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return { latitude: latitude * RADIANS, longitude: longitude * RADIANS };
}

/** A plan out of the text of a file. */
export function readPlan(text: string): Plan {
  let whole: Json | null;
  try {
    whole = record(JSON.parse(text));
  } catch {
    throw new PlanFileError("not JSON");
  }
  if (!whole || whole["fileType"] !== "Plan") throw new PlanFileError('fileType is not "Plan"');
  const mission = record(whole["mission"]);
  return {
    mission: readItems(mission?.["items"]),
    lost_link: readItems(record(whole["lostLink"])?.["items"]),
    fence: readFence(record(whole["geoFence"])),
    rally: list(record(whole["rallyPoints"])?.["points"]).flatMap((one) => {
      const place = placeFrom(one);
      return place ? [made(RALLY_POINT, place, number(list(one)[2]))] : [];
    }),
  };
}

/** Items of a list; jumps mean their target by the file's own number, `doJumpId`. */
function readItems(value: unknown): Item[] {
  const index = new Map<number, number>();
  const items: Item[] = [];
  for (const one of list(value)) {
    index.set(number(record(one)?.["doJumpId"]) ?? items.length + 1, items.length);
    items.push(...readItem(one));
  }
  return items.map((item) => {
    if (item.command !== DO_JUMP || item.params[0] === null) return item;
    const to = index.get(item.params[0]) ?? item.params[0] - 1;
    return { ...item, params: [to, item.params[1], item.params[2], item.params[3]] };
  });
}

function readItem(value: unknown): Item[] {
  const item = record(value);
  if (!item) throw new PlanFileError("an item is no object");
  if (item["type"] === "ComplexItem") return readComplex(item);
  const command = number(item["command"]);
  const params = list(item["params"]).map(number);
  if (command === null || params.length !== 7) throw new PlanFileError("an item has no command or not 7 params");
  const [p1 = null, p2 = null, p3 = null, p4 = null, latitude = null, longitude = null, altitude = null] = params;
  const place = latitude || longitude ? placeFrom([latitude, longitude]) : null;
  const frame = number(item["frame"]) ?? FRAME_SEA;
  return [{
    command, frame, params: [p1, p2, p3, p4], latitude: place?.latitude ?? null, longitude: place?.longitude ?? null,
    altitude: frame === 2 ? null : altitude, autocontinue: item["autoContinue"] !== false,
  }];
}

/** QGroundControl's own landing pattern becomes the three items it stands for; its surveys bring their items with them. */
function readComplex(item: Json): Item[] {
  const inside = record(item["TransectStyleComplexItem"]);
  if (inside) return list(inside["Items"]).flatMap(readItem);
  if (item["complexItemType"] !== "fwLandingPattern") throw new PlanFileError(`unknown complex item ${String(item["complexItemType"])}`);
  const [land, approach] = [list(item["landCoordinate"]), list(item["landingApproachCoordinate"] ?? item["loiterCoordinate"])];
  const [threshold, circle] = [placeFrom(land), placeFrom(approach)];
  if (!threshold || !circle) throw new PlanFileError("a landing pattern has no places");
  const frame = item["altitudesAreRelative"] === false ? FRAME_SEA : FRAME_HOME;
  const turn = item["loiterClockwise"] === false ? -1 : 1;
  const down = made(NAV_LOITER_TO_ALT, circle, number(approach[2]) ?? 0);
  const last = made(NAV_LAND, threshold, number(land[2]) ?? 0);
  down.params = [1, turn * (number(item["loiterRadius"]) ?? 600), 0, 1];
  return [made(DO_LAND_START, null, null), { ...down, frame }, { ...last, frame }];
}

function readFence(fence: Json | null): Item[] {
  const polygons = list(fence?.["polygons"]).flatMap((one) => {
    const corners = list(record(one)?.["polygon"]).map(placeFrom).filter((place) => place !== null);
    const command = record(one)?.["inclusion"] === false ? FENCE_POLYGON_EXCLUSION : FENCE_POLYGON_INCLUSION;
    return corners.map((place): Item => ({ ...made(command, place, null), params: [corners.length, 0, 0, 0] }));
  });
  const circles = list(fence?.["circles"]).flatMap((one) => {
    const circle = record(record(one)?.["circle"]);
    const place = placeFrom(circle?.["center"]);
    const command = record(one)?.["inclusion"] === false ? FENCE_CIRCLE_EXCLUSION : FENCE_CIRCLE_INCLUSION;
    return place ? [{ ...made(command, place, null), params: [number(circle?.["radius"]) ?? 0, 0, 0, 0] as Item["params"] }] : [];
  });
  return [...polygons, ...circles];
}
