/** Mission items that a person can plan, with the numbers that MAVLink gives them. */
import type { Item } from "../wire";

export const NAV_WAYPOINT = 16;
export const NAV_LOITER_UNLIM = 17;
export const NAV_LOITER_TURNS = 18;
export const NAV_LOITER_TIME = 19;
export const NAV_RETURN_TO_LAUNCH = 20;
export const NAV_LAND = 21;
export const NAV_TAKEOFF = 22;
export const NAV_LOITER_TO_ALT = 31;
export const DO_FIGURE_EIGHT = 35;
export const NAV_ARC_WAYPOINT = 36;
export const NAV_DELAY = 93;
export const CONDITION_DELAY = 112;
export const CONDITION_DISTANCE = 114;
export const DO_JUMP = 177;
export const DO_CHANGE_SPEED = 178;
export const DO_LAND_START = 189;
export const DO_SET_ROI_LOCATION = 195;
export const DO_SET_ROI_NONE = 197;
export const FENCE_RETURN_POINT = 5000;
export const FENCE_POLYGON_INCLUSION = 5001;
export const FENCE_POLYGON_EXCLUSION = 5002;
export const FENCE_CIRCLE_INCLUSION = 5003;
export const FENCE_CIRCLE_EXCLUSION = 5004;
export const RALLY_POINT = 5100;

/** MAV_FRAME_GLOBAL: altitude above mean sea level; MAV_FRAME_GLOBAL_RELATIVE_ALT: above home; ..._TERRAIN_ALT. */
export const FRAME_SEA = 0;
export const FRAME_HOME = 3;
export const FRAME_GROUND = 10;
export const FRAME_MISSION = 2;

/** How an altitude is meant. The integer frames of MAVLink mean the same as the plain ones. */
export function altitudeFrame(frame: number): "sea" | "home" | "ground" {
  if (frame === FRAME_HOME || frame === 6) return "home";
  return frame === FRAME_GROUND || frame === 11 ? "ground" : "sea";
}

export type Unit = "distance" | "seconds" | "turns" | "speed" | "count" | "item" | "angle_deg" | "angle_rad" | "metres";

export interface Parameter {
  /** Key of its name in the catalogue: `editor.param.<key>`. */
  readonly key: string;
  /** Which of params, from 0. */
  readonly index: 0 | 1 | 2 | 3;
  readonly unit: Unit;
  readonly initial: number;
  readonly least?: number;
  readonly most?: number;
}

export interface Kind {
  readonly key: string;
  readonly command: number;
  /** Stands at a place. */
  readonly placed: boolean;
  /** Has an altitude. */
  readonly high: boolean;
  /** The aircraft flies to its place. */
  readonly flown: boolean;
  readonly parameters: readonly Parameter[];
}

const radius = (index: 0 | 1 | 2 | 3): Parameter => ({ key: "radius", index, unit: "distance", initial: 600, least: -50000, most: 50000 });

/** Every kind of item the editor offers; what it does not know it keeps untouched. */
export const KINDS: readonly Kind[] = [
  { key: "take_off", command: NAV_TAKEOFF, placed: true, high: true, flown: true, parameters: [] },
  { key: "waypoint", command: NAV_WAYPOINT, placed: true, high: true, flown: true, parameters: [] },
  {
    key: "loiter_turns", command: NAV_LOITER_TURNS, placed: true, high: true, flown: true,
    parameters: [{ key: "turns", index: 0, unit: "turns", initial: 2, least: 0, most: 10000 }, radius(2)],
  },
  {
    key: "loiter_time", command: NAV_LOITER_TIME, placed: true, high: true, flown: true,
    parameters: [{ key: "time", index: 0, unit: "seconds", initial: 600, least: 0, most: 172800 }, radius(2)],
  },
  { key: "loiter_unlimited", command: NAV_LOITER_UNLIM, placed: true, high: true, flown: true, parameters: [radius(2)] },
  { key: "loiter_to_altitude", command: NAV_LOITER_TO_ALT, placed: true, high: true, flown: true, parameters: [radius(1)] },
  {
    key: "arc", command: NAV_ARC_WAYPOINT, placed: true, high: true, flown: true,
    parameters: [{ key: "arc", index: 0, unit: "angle_deg", initial: 90, least: -359, most: 359 }],
  },
  {
    key: "figure_eight", command: DO_FIGURE_EIGHT, placed: true, high: true, flown: true,
    parameters: [
      { key: "long_radius", index: 0, unit: "distance", initial: 2000, least: -50000, most: 50000 },
      { key: "short_radius", index: 1, unit: "distance", initial: 600, least: -50000, most: 50000 },
      { key: "orientation", index: 3, unit: "angle_rad", initial: 0 },
    ],
  },
  {
    key: "speed", command: DO_CHANGE_SPEED, placed: false, high: false, flown: false,
    parameters: [{ key: "airspeed", index: 1, unit: "speed", initial: 36, least: -2, most: 300 }],
  },
  {
    key: "jump", command: DO_JUMP, placed: false, high: false, flown: false,
    parameters: [
      { key: "to_item", index: 0, unit: "item", initial: 0, least: 0, most: 499 },
      { key: "times", index: 1, unit: "count", initial: 1, least: -1, most: 32767 },
    ],
  },
  {
    key: "delay", command: NAV_DELAY, placed: false, high: false, flown: false,
    parameters: [{ key: "time", index: 0, unit: "seconds", initial: 60, least: -1, most: 172800 }],
  },
  { key: "look_at", command: DO_SET_ROI_LOCATION, placed: true, high: true, flown: false, parameters: [] },
  { key: "look_ahead", command: DO_SET_ROI_NONE, placed: false, high: false, flown: false, parameters: [] },
  { key: "return", command: NAV_RETURN_TO_LAUNCH, placed: false, high: false, flown: false, parameters: [] },
  { key: "landing_start", command: DO_LAND_START, placed: false, high: false, flown: false, parameters: [] },
  { key: "land", command: NAV_LAND, placed: true, high: true, flown: true, parameters: [] },
];

const BY_COMMAND = new Map(KINDS.map((kind) => [kind.command, kind]));

/** What the editor knows of an item, null for one it only carries along. */
export function kindOf(item: Pick<Item, "command">): Kind | null {
  return BY_COMMAND.get(item.command) ?? null;
}

/** An item of a kind with its initial numbers. */
export function made(command: number, place: { latitude: number; longitude: number } | null, altitude: number | null): Item {
  const kind = BY_COMMAND.get(command);
  const params: Item["params"] = [0, 0, 0, 0];
  for (const one of kind?.parameters ?? []) params[one.index] = one.initial;
  if (command === DO_CHANGE_SPEED) params[2] = -1;
  if (command === NAV_WAYPOINT || command === NAV_LAND || command === NAV_TAKEOFF) params[3] = null;
  return {
    command,
    frame: kind?.placed === false ? FRAME_MISSION : FRAME_SEA,
    params,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
    altitude: kind?.high === false ? null : altitude,
    autocontinue: true,
  };
}

/** The place of an item, null where it has none. A zero place is MAVLink's "none given". */
export function placeOf(item: Item): { latitude: number; longitude: number } | null {
  if (item.latitude === null || item.longitude === null) return null;
  if (item.latitude === 0 && item.longitude === 0) return null;
  return { latitude: item.latitude, longitude: item.longitude };
}
