/**
 * What the station's server and the browser say to each other: SI and radians, latitudes and longitudes in radians,
 * true headings clockwise from north, a missing value is null. The server's half is `samruk/station/wire.py`.
 *
 * Server to browser: binary WebSocket messages (msgpack), each a `ServerMessage`. A `picture` is whole: the newest
 * replaces all before it. Browser to server: JSON text, each a `BrowserMessage`.
 */

export type Maybe = number | null;

export interface Place {
  latitude: number;
  longitude: number;
}

export interface Place3 extends Place {
  altitude: number;
}

export interface Seat {
  id: string;
  name: string;
  role: string;
  sysid: number;
  language?: "en" | "tr";
}

export interface StationSite {
  id: string;
  name: string;
  sysid: number;
  latitude: Maybe;
  longitude: Maybe;
  alive: boolean;
  age: Maybe;
}

export interface Ages {
  position: Maybe;
  attitude: Maybe;
  status: Maybe;
  links: Maybe;
  fuel: Maybe;
}

export interface ModeLine {
  now: string;
  reason: string | null;
  since_s: Maybe;
  next: string | null;
  trigger: string | null;
  by: string | null;
  at_s: Maybe;
}

export interface FuelField {
  name: string;
  needed: Maybe;
  flight_s: Maybe;
  bingo_s: Maybe;
}

export interface LinkState {
  bearer: "line_of_sight" | "satellite" | string;
  margin: Maybe;
  up: boolean;
  delay: Maybe;
  age: Maybe;
  loss: Maybe;
}

export interface Outlook {
  outcome: string;
  reason: string | null;
  field: string | null;
  lands_s: Maybe;
  fuel: Maybe;
}

export interface Ice {
  detected: boolean | null;
  rate: Maybe;
  mass: Maybe;
  excess: Maybe;
  protection: string | null;
  stall_margin: Maybe;
  oat: Maybe;
}

export interface HeatItem {
  name: string;
  temperature: Maybe;
  least: Maybe;
  most: Maybe;
}

export interface Text {
  s: number;
  severity: number;
  words: string;
}

/** Opaque version numbers of what the aircraft holds. */
export interface Versions {
  mission: Maybe;
  fence: Maybe;
  rally: Maybe;
  lost_link: Maybe;
}

export interface Aircraft {
  sysid: number;
  name: string;
  type: string;
  age: Ages;
  heard_wall_ms: Maybe;
  sent_sim_s: Maybe;
  /** System id of the station that holds each level, null = nobody. */
  holder: { loi3: Maybe; loi4: Maybe; loi5: Maybe };
  attitude: { phi: Maybe; theta: Maybe; psi: Maybe };
  place: { latitude: Maybe; longitude: Maybe; altitude: Maybe; agl: Maybe };
  v: { ground: Maybe; course: Maybe; climb: Maybe; calibrated: Maybe; true: Maybe };
  wind: { from: Maybe; speed: Maybe };
  mode: ModeLine;
  target: { altitude: Maybe; airspeed: Maybe; heading: Maybe };
  /** Where the aircraft will be in the next 60 s, evenly spaced in time, first point now. */
  soon: Place3[];
  fuel: { aboard: Maybe; flow: Maybe; reserve: Maybe; fields: FuelField[] } | null;
  ice: Ice | null;
  heat: HeatItem[] | null;
  links: LinkState[];
  active_bearer: string | null;
  /** Engine-out reach [m] in 36 directions from north clockwise, or null where not known. */
  reach: number[] | null;
  outlook: Outlook | null;
  turret: { azimuth: Maybe; elevation: Maybe; footprint: [number, number][] | null } | null;
  /** Item of the mission that is being flown. */
  leg: Maybe;
  versions: Versions;
  armed: boolean | null;
  landed: boolean | null;
  engine_running: boolean | null;
  text: Text[];
}

export type AlarmClass = "warning" | "caution" | "advisory";

export interface Alarm {
  id: string;
  sysid: Maybe;
  class: AlarmClass;
  since_s: number;
  words: string;
  acknowledged: boolean;
  cleared_s?: Maybe;
  root: string | null;
  consequences: string[];
  checklist: string | null;
}

export interface ChecklistItem {
  id: string;
  words: string;
  state: "open" | "done" | "next";
  by: "sensed" | "you" | "plan" | "auto" | string;
  note?: string | null;
}

export interface Checklist {
  id: string;
  sysid: number;
  title: string;
  opened_by: string | null;
  gate: string | null;
  items: ChecklistItem[];
}

export interface Difference {
  index: number;
  name: string;
  aircraft: number | string | null;
  you: number | string | null;
  accepted: boolean;
}

export interface Handover {
  sysid: number;
  loi: number;
  from: Maybe;
  to: Maybe;
  state: string;
  compared: number;
  differences: Difference[];
}

export type CommandStage = "requested" | "sent" | "accepted" | "refused" | "done" | "timeout";

export interface CommandState {
  id: string;
  sysid: number;
  kind: string;
  state: CommandStage;
  reason: string | null;
  at_s?: Maybe;
  /** Of an upload: items the aircraft has taken, and how many there are. */
  progress?: { done: number; all: number } | null;
}

export interface Picture {
  t: "picture";
  n: number;
  wall_ms: number;
  sim_s: number;
  utc_s?: Maybe;
  speed: number;
  seat: Seat;
  stations: StationSite[];
  aircraft: Aircraft[];
  alarms: Alarm[];
  checklists: Checklist[];
  offers: Handover[];
  pending: CommandState[];
}

export type RouteKind = "mission" | "fence" | "rally" | "lost_link";

/** One MAVLink mission item. Parameters 1 to 4 are as MAVLink has them; the place is in radians and metres. */
export interface Item {
  command: number;
  frame: number;
  autocontinue: boolean;
  params: [Maybe, Maybe, Maybe, Maybe];
  latitude: Maybe;
  longitude: Maybe;
  altitude: Maybe;
}

/** A route as the aircraft holds it. */
export interface RouteMessage {
  t: "route";
  sysid: number;
  kind: RouteKind;
  version: Maybe;
  items: Item[];
  /** Of the lost-link route: when and where the aircraft would land, in simulated seconds. */
  lands_s?: Maybe;
  lands_at?: string | null;
}

/** Shaded relief, equirectangular between its bounds [rad]. */
export interface GroundMessage {
  t: "ground";
  url: string;
  bounds: { west: number; south: number; east: number; north: number };
}

export interface Field {
  name: string;
  title?: string | null;
  latitude: number;
  longitude: number;
  altitude: number;
  /** Runway directions [rad true] that can be landed on, with the threshold's place and length [m]. */
  runways: { name: string; course: number; latitude: number; longitude: number; length: number }[];
  home?: boolean;
  closed?: boolean;
}

export interface FieldsMessage {
  t: "fields";
  fields: Field[];
}

/** Ground under the way ahead. `s` simulated seconds, `distance` metres from the aircraft. */
export interface ProfilePoint {
  s: number;
  distance: number;
  altitude: Maybe;
  ground: Maybe;
}

export interface ProfileMessage {
  t: "profile";
  sysid: number;
  points: ProfilePoint[];
  lost_link?: ProfilePoint[];
  ceiling?: Maybe;
  freezing?: Maybe;
}

export interface PredictionPoint {
  s: number;
  los_db: Maybe;
  satellite_db: Maybe;
}

export interface PredictionMessage {
  t: "prediction";
  sysid: number;
  points: PredictionPoint[];
  gaps: { start_s: number; end_s: number; bearer: string }[];
}

export interface StripMessage {
  t: "strip";
  sysid: number;
  [key: string]: unknown;
}

export interface CommandStateMessage extends CommandState {
  t: "command_state";
}

export interface CheckMessage {
  t: "check";
  id?: string;
  sysid?: number;
  kind?: RouteKind;
  ok: boolean;
  problems: { item: Maybe; words: string }[];
  /** Ground height under each item that has a place [m], where known. */
  ground?: Maybe[];
}

export interface ReplayMessage {
  t: "replay";
  [key: string]: unknown;
}

export interface JournalMessage {
  t: "journal";
  [key: string]: unknown;
}

export type ServerMessage =
  | Picture
  | RouteMessage
  | GroundMessage
  | FieldsMessage
  | ProfileMessage
  | PredictionMessage
  | StripMessage
  | CommandStateMessage
  | CheckMessage
  | ReplayMessage
  | JournalMessage;

export type ServerMessageOf<T extends ServerMessage["t"]> = Extract<ServerMessage, { t: T }>;

/** A command of the seat. `kind` and its arguments are in the station's page; every one is answered by `command_state`. */
export interface BrowserMessage {
  t: "command";
  id: string;
  sysid: number;
  kind: string;
  [argument: string]: unknown;
}
