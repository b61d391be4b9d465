/** An invented day for looking at the page without a server: three aircraft over the Black Sea coast. `npm run dev`, then /?scene. */
import { encode } from "@msgpack/msgpack";
import type { Aircraft, Asked, CommandState, Item, Picture, Route, ServerMessage } from "../src/wire";
import {
  DO_LAND_START, FENCE_CIRCLE_EXCLUSION, FENCE_POLYGON_INCLUSION, made, NAV_LAND, NAV_LOITER_TO_ALT, NAV_LOITER_TURNS,
  NAV_WAYPOINT, RALLY_POINT,
} from "../src/editor/commands";
import { ahead, lengthOf, trace } from "../src/editor/trace";
import { bearing, beyond, between, distance, RADIANS, type Place } from "../src/map/projection";

export const at = (longitude: number, latitude: number): Place => ({ latitude: latitude * RADIANS, longitude: longitude * RADIANS });
const START_UNIX_S = Date.UTC(2026, 5, 3, 4, 10) / 1000;
const HOME = { ...at(32.995, 40.128), altitude: 953 };

const waypoint = (longitude: number, latitude: number, altitude: number): Item => made(NAV_WAYPOINT, at(longitude, latitude), altitude);

export const MISSION: Item[] = [
  waypoint(32.5, 41.1, 3400), waypoint(31.95, 42.5, 4250), waypoint(34.95, 42.5, 4250), waypoint(34.95, 42.36, 4250),
  waypoint(31.95, 42.36, 4250), waypoint(31.95, 42.22, 4250), waypoint(34.95, 42.22, 4250), waypoint(34.95, 42.08, 4250),
  { ...made(NAV_LOITER_TURNS, at(33.6, 41.75), 3000), params: [3, 0, 9000, 0] },
  made(DO_LAND_START, null, null),
  { ...made(NAV_LOITER_TO_ALT, at(32.9, 40.32), 1700), params: [0, 2500, 0, 1] },
  made(NAV_LAND, HOME, 953),
];
const LOST: Item[] = [waypoint(33.3, 41.95, 4250), waypoint(33.05, 41.2, 1830), made(NAV_LAND, at(32.995, 40.2), 953)];
const FENCE: Item[] = [
  ...[[31.55, 42.62], [35.45, 42.62], [35.45, 41.75], [36.9, 41.5], [36.9, 40.95], [34.2, 40.6], [33.6, 39.85], [32.3, 39.85], [32.2, 40.9], [31.55, 41.4]]
    .map(([longitude = 0, latitude = 0]): Item => ({ ...made(FENCE_POLYGON_INCLUSION, at(longitude, latitude), null), params: [10, 0, 0, 0] })),
  { ...made(FENCE_CIRCLE_EXCLUSION, at(34.55, 41.32), null), params: [15000, 0, 0, 0] },
];

const route = (sysid: number, kind: Route["kind"], version: number, items: Item[]): Route => ({
  t: "route", sysid, kind, version, items, lands_s: kind === "lost_link" ? 6100 : null, lands_at: kind === "lost_link" ? "LTAC" : null,
});

const field = (name: string, longitude: number, latitude: number, altitude: number, more: object = {}) => ({
  name, title: null, ...at(longitude, latitude), altitude, home: false, closed: false,
  runways: [{ name: "04", course: 40 * RADIANS, ...at(longitude, latitude), length: 2800 }], ...more,
});

/** What is told once. */
export function scenery(): ServerMessage[] {
  return [
    {
      t: "fields",
      fields: [field("LTAC", 32.995, 40.128, 953, { home: true }), field("LTFH", 36.567, 41.2545, 6), field("LTAS", 32.089, 41.506, 12), field("LTAL", 33.796, 41.314, 1080, { closed: true })],
    },
    route(1, "mission", 12, MISSION), route(1, "lost_link", 7, LOST), route(1, "fence", 3, FENCE),
    route(1, "rally", 1, [made(RALLY_POINT, at(33.6, 40.75), 2500)]),
    route(2, "mission", 4, [waypoint(36.45, 41.32, 900)]), route(2, "lost_link", 2, [waypoint(36.3, 41.4, 900), waypoint(36.567, 41.2545, 100)]),
    route(3, "mission", 5, [{ ...made(NAV_LOITER_TURNS, at(35.98, 41.08), 1500), params: [9, 0, 6000, 0] }]),
  ] as ServerMessage[];
}

const ground = (metres: number) => Math.max(0, 900 + 500 * Math.sin(metres / 31000) + 280 * Math.sin(metres / 9000 + 1) + 120 * Math.sin(metres / 2300) - (metres < 130000 ? 900 - metres / 300 : 0));

/** What is told again now and then. */
export function outlook(): ServerMessage[] {
  const start = { ...at(33.62, 42.36), altitude: 4250 };
  const points = ahead(trace(MISSION, { home: HOME }), 4, start);
  const lost = ahead(trace(LOST, { home: HOME }), 0, start);
  return [
    { t: "profile", sysid: 1, points: sampled(points, 45), lost_link: sampled(lost, 45), marks: marks(points), ceiling: 5200, freezing: 2400 },
    {
      t: "prediction", sysid: 1, points: [],
      gaps: [{ bearer: "line_of_sight", start_s: 1500, end_s: 3900, start: 66000, end: 190000, reason: "terrain" }],
    },
  ] as ServerMessage[];
}

function sampled(points: ReturnType<typeof ahead>, speed: number) {
  const out: { s: number; distance: number; altitude: number | null; ground: number }[] = [];
  let run = 0;
  points.forEach((b, i) => {
    const a = points[i - 1];
    const length = a ? distance(a, b) : 0;
    for (let part = a ? 0 : 1; part <= 1; part += a ? Math.max(0.02, 1500 / Math.max(length, 1)) : 1) {
      const where = a ? between(a, b, part) : b;
      const metres = run + length * part;
      const height = a && a.altitude !== null && b.altitude !== null ? a.altitude + (b.altitude - a.altitude) * part : b.altitude;
      out.push({ s: metres / speed, distance: metres, altitude: height, ground: ground(metres + where.latitude * 1000) });
    }
    run += length;
  });
  return out;
}

function marks(points: ReturnType<typeof ahead>): [number, number][] {
  return points.slice(1).map((_, i): [number, number] => [lengthOf(points.slice(0, i + 2)), 4 + i]);
}

const NOTHING = { position: 0.3, attitude: 0.3, status: 0.8, links: 0.9, fuel: 0.8, turret: 0.5, authority: 0.7 };

function aircraft(sysid: number, place: Place, altitude: number, psi: number, holder: number, more: Partial<Aircraft> = {}): Aircraft {
  return {
    sysid, name: `0${sysid}`, type: "anka", foreign: false, duplicate: false, age: { ...NOTHING }, heard_wall_ms: null, sent_sim_s: null,
    holder: { loi3: holder, loi4: holder, loi5: holder }, attitude: { phi: -6 * RADIANS, theta: 3 * RADIANS, psi },
    place: { ...place, altitude, agl: altitude - 200, relative: altitude - 953 },
    v: { ground: 45, course: psi, climb: 0, calibrated: 36.5, true: 46 }, wind: { bearing: 290 * RADIANS, speed: 9 },
    mode: { now: "SURVEY", reason: "route", since_s: 1200, next: null, trigger: null, by: holder, at_s: 2400, standard: null, heading: psi, altitude, distance: 2700 },
    target: { altitude, airspeed: 37, heading: psi },
    soon: [0, 15, 30, 45, 60].map((s) => ({ ...beyond(place, psi, 46 * s), altitude })),
    fuel: { aboard: 159, flow: 8.2 / 3600, reserve: 25, fraction: 0.6, fields: ["LTAC", "LTFH", "LTAS"].map((name, i) => ({ name, needed: 40, flight_s: [5520, 6000, 3420][i] ?? null, bingo_s: 51000 })) },
    ice: { detected: false, rate: 0, mass: 0, excess: 6200, protection: "ready", stall_margin: 0.25, stall_speed: 28, outside: 261 },
    heat: [], links: [], active_bearer: "line_of_sight", lost_link_s: null, reach: null, reach_fields: null,
    outlook: null, turret: { azimuth: null, elevation: null, field_of_view: null, mode: null, aim: null, footprint: null },
    leg: null, legs: null, home: HOME, versions: { mission: 12, fence: 3, rally: 1, lost_link: 7 }, shown: { mission: 12, fence: 3, rally: 1, lost_link: 7 },
    armed: true, landed: false, phase: "air", engine_running: true, engine_speed: 500, throttle: 0.6, satellites: 14, load: 0.2, health: [], prearm: [],
    text: [], recovered: false, usable: true, mine: holder === 241, neutral: false, ...more,
  } as Aircraft;
}

/** The picture after some simulated seconds. */
export function picture(n: number, seconds: number): Picture {
  const course = 270 * RADIANS;
  const own = beyond(at(33.62, 42.36), course, 46 * seconds);
  const corner = (east: number, north: number): [number, number] => {
    const q = beyond(beyond(own, Math.PI / 2, east * 1000), 0, north * 1000);
    return [q.latitude, q.longitude];
  };
  const reach = Array.from({ length: 36 }, (_, i) => 54000 + 9000 * Math.cos(i * 10 * RADIANS - 1.9));
  return {
    t: "picture", n, wall_ms: Date.now(), sim_s: 34000 + seconds, speed: 1, replaying: false,
    seat: { id: "S1", name: "Ankara", role: "pilot", sysid: 241, language: "en" },
    stations: [
      { id: "S1", name: "Ankara", sysid: 241, ...at(32.72, 40.02), alive: true, age: 0 }, { id: "S2", name: "Sinop", sysid: 242, ...at(35.15, 42.0), alive: true, age: 0.4 },
      { id: "S3", name: "Samsun", sysid: 243, ...at(36.7, 41.03), alive: true, age: 0.4 },
    ],
    aircraft: [
      aircraft(1, own, 4250, 272 * RADIANS, 241, {
        reach, leg: 4, legs: 12, soon: [0, 15, 30, 45, 60].map((s) => ({ ...beyond(own, bearing(own, at(31.95, 42.36)), 46 * s), altitude: 4250 })),
        turret: { azimuth: 0, elevation: -0.3, field_of_view: 0.1, mode: "place", aim: null, footprint: [corner(-10, -19), corner(3, -17), corner(6, -31), corner(-16, -35)] },
      }),
      aircraft(2, beyond(at(35.75, 41.62), 128 * RADIANS, 40 * seconds), 1000, 128 * RADIANS, 242),
      aircraft(3, beyond(at(35.9, 41.1), 40 * RADIANS, 40 * seconds), 980, 40 * RADIANS, 243),
    ],
    alarms: [], checklists: [], offers: [], pending: [],
  } as Picture;
}

/** A shaded relief out of waves, as a data address. */
function relief(): string {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [780, 420];
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const image = context.createImageData(canvas.width, canvas.height);
  const height = (x: number, y: number) => [3, 7, 15, 31, 63, 120].reduce((sum, f, i) => sum + Math.sin((x + 0.4 * y) * f * 3.1 + 2 * Math.sin(y * f * 1.3 + i * 2.1) + i) * Math.cos((y - 0.3 * x) * f * 4.1 + i * 2 + Math.sin(x * f)) / f, 0);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const [u, v] = [x / canvas.width, y / canvas.width];
      const shade = (height(u + 0.001, v + 0.001) - height(u, v)) * 3000;
      const level = Math.max(0, Math.min(255, 128 + shade * 2.4));
      image.data.set([level, level, level, 255], 4 * (y * canvas.width + x));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

/** Stands in for the server's socket: tells the day, takes plans as an aircraft would. */
class SceneSocket {
  binaryType = "";
  readyState = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  private timer = 0;
  private readonly pending: CommandState[] = [];

  constructor() {
    setTimeout(() => this.begin(), 50);
  }

  private tell(message: unknown): void {
    const bytes = encode(message);
    this.onmessage?.({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
  }

  private begin(): void {
    this.onopen?.();
    const bounds = { west: 30.2 * RADIANS, east: 38 * RADIANS, north: 43.4 * RADIANS, south: 39.2 * RADIANS };
    this.tell(picture(1, 0));
    scenery().forEach((one) => this.tell(one));
    this.tell({ t: "ground", url: relief(), bounds });
    this.tell({ t: "strip", sysid: 1, s: [], now: 0, latitude: [], longitude: [], altitude: [], start_unix_s: START_UNIX_S });
    outlook().forEach((one) => this.tell(one));
    const began = performance.now();
    let n = 1;
    this.timer = window.setInterval(() => this.tell({ ...picture(++n, (performance.now() - began) / 1000), pending: this.pending }), 100);
  }

  send(text: string): void {
    const asked = JSON.parse(text) as Asked;
    if (asked.t === "check") {
      const low = asked.items.flatMap((item, i) => (item.altitude !== null && item.altitude < 500 && item.command < 5000 ? [{ item: i, severity: "error", words: "120 m below the terrain" }] : []));
      setTimeout(() => this.tell({ t: "check", id: asked.id, sysid: asked.sysid, kind: asked.kind, ok: low.length === 0, problems: low, ground: asked.items.map((_, i) => 400 + 300 * Math.sin(i)) }), 150);
    }
    if (asked.t === "upload") this.takeUpload(asked);
  }

  private takeUpload(asked: Extract<Asked, { t: "upload" }>): void {
    const state: CommandState = { id: asked.id, sysid: asked.sysid, kind: "upload", words: "", state: "sent", reason: "", asked_ms: 0, changed_ms: 0, tries: 1, progress: { done: 0, all: asked.items.length } };
    this.pending.push(state);
    const step = () => {
      const progress = state.progress as { done: number; all: number };
      if (++progress.done < progress.all) return void setTimeout(step, 80);
      state.state = "done";
      this.tell({ t: "route", sysid: asked.sysid, kind: asked.kind, version: 13, items: asked.items, lands_s: null, lands_at: null });
    };
    step();
  }

  close(): void {
    clearInterval(this.timer);
  }
}

/** Put the scene in the place of the server. */
export function play(): void {
  (window as unknown as { WebSocket: unknown }).WebSocket = SceneSocket;
}
