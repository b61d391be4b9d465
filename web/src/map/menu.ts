/** What can be commanded at a place of the map, and whether it may be now. */
import type { Key } from "../i18n";
import { bar, cameraBar } from "../panels/actions";
import { store, type Store } from "../store";
import type { Aircraft, Command } from "../wire";
import { bearing, type Place } from "./projection";

export interface Entry {
  readonly test: string;
  readonly words: Key;
  readonly kind: "goto" | "hold" | "figure_eight" | "point_at" | "release_turret";
  readonly body: Partial<Command>;
  readonly live: boolean;
}

const GRAVITY = 9.80665;
/** Bank that the autopilot turns with, and room over the tightest turn for the roll and the wind. */
const BANK = (25 * Math.PI) / 180;
const ROOM = 1.3;
const LEAST_RADIUS = 600;
/** Half length over the radius of its ends: the way between two circles is flown straight. */
const LONG = 3;
/** Where no speed is told [m/s]. */
const USUAL_SPEED = 45;

/** The figure eight that an aircraft can fly at its speed now, entered straight: long along the way there. */
export function eightAt(a: Aircraft, place: Place): Partial<Command> {
  const speed = Math.max(a.v.true ?? 0, a.v.ground ?? 0) || USUAL_SPEED;
  const tightest = (ROOM * speed * speed) / (GRAVITY * Math.tan(BANK));
  const radius = Math.max(LEAST_RADIUS, Math.ceil(tightest / 100) * 100);
  const { latitude, longitude } = a.place;
  const heading = latitude === null || longitude === null ? 0 : bearing({ latitude, longitude }, place);
  return { radius, length: LONG * radius, heading };
}

/** The menu of a place: where to fly for a pilot's seat, where to look for whoever holds the camera. */
export function entries(a: Aircraft, place: Place, role: string, from: Store = store): Entry[] {
  const here = { latitude: place.latitude, longitude: place.longitude };
  const fly = bar(a, from) === null && a.landed !== true;
  const look = cameraBar(a, from) === null;
  const flown: Entry[] = [
    { test: "map-go-here", words: "map.go_here", kind: "goto", body: here, live: fly },
    { test: "map-hold-here", words: "map.hold_here", kind: "hold", body: here, live: fly },
    { test: "map-eight-here", words: "map.eight_here", kind: "figure_eight", body: { ...here, ...eightAt(a, place) }, live: fly },
  ];
  const looked: Entry[] = [
    { test: "map-look-here", words: "map.look_here", kind: "point_at", body: here, live: look },
    { test: "map-look-free", words: "map.look_free", kind: "release_turret", body: {}, live: look },
  ];
  return role === "payload" ? looked : [...flown, ...looked];
}
