/* Written by tools/write_wire.py: change src/samruk/station/wire.py instead.
 *
 * What a station and its browsers say to each other; `web/src/wire.ts` is written from this file.
 *
 * Server to browser: MessagePack, one binary WebSocket message each, of a type below with its tag `t`. `Picture` comes ten
 * times a second and is always the newest. Browser to server: JSON text, one of `Asked`.
 *
 * SI units and radians; angles of places too; headings and bearings are true, from north, clockwise. `wall_ms` is the
 * station's clock in ms since 1970, `sim_s` the simulated time of the aircraft in s since its start. What is not known is
 * None: an aircraft of another make lacks whatever its messages do not say.
 */

export const VERSION = 1;

export type Kind = "mission" | "fence" | "rally" | "lost_link";

export type Level = "warning" | "caution" | "advisory";

export type State = "requested" | "sent" | "accepted" | "refused" | "done" | "timeout";

/** Something that needs attention. */
export interface Alarm {
  id: number;
  sysid: number; // 0 the station
  key: string; // words: catalogue alarm.<key>
  level: Level;
  words: string; // in the language of the seat
  since_ms: number;
  active: boolean; // False: the cause is gone, kept until acknowledged
  acknowledged: boolean;
  cause: number | null; // id of the alarm that brings this one
  consequences: Array<number>;
  tone: string; // warning, caution, command_gained, command_lost, empty
  speak: string; // words to say, empty: nothing
  checklist: string | null;
  inhibited: boolean; // shown but silent
}

/** One line of a checklist. */
export interface ChecklistItem {
  id: string;
  words: string;
  sensed: boolean;
  done: boolean;
  by: "sensed" | "crew" | "";
  at_ms: number | null;
}

/** A checklist that is open. */
export interface Checklist {
  id: string;
  sysid: number;
  words: string;
  items: Array<ChecklistItem>;
  complete: boolean;
  gate: string | null; // kind of command that waits for it
  opened_by: number | null; // alarm
  since_ms: number;
}

/** A commanded value on which aircraft and station differ. */
export interface Difference {
  index: number;
  name: string; // key of the catalogue as value.<name>
  words: string;
  aircraft: string;
  station: string;
  accepted: boolean;
}

/** One hand-over under way, as the aircraft tells it. */
export interface Handover {
  sysid: number;
  giver: number; // system id
  taker: number;
  loi: number;
  step: string; // offered, requested, differences, transfer, read_back, done, cancelled
  differences: Array<Difference>;
  compared: number; // values compared
  read_back_s: number | null; // s that the read-back took
}

/** A command on its way. */
export interface CommandState {
  id: string; // given by the browser
  sysid: number;
  kind: string;
  words: string;
  state: State;
  reason: string;
  asked_ms: number;
  changed_ms: number;
  tries: number;
  progress: Progress | null; // of an upload
}

/** All that moves. */
export interface Picture {
  t: "picture";
  n: number;
  wall_ms: number;
  sim_s: number | null;
  speed: number | null; // x real time, measured
  replaying: boolean;
  seat: Seat;
  stations: Array<Site>;
  aircraft: Array<Aircraft>;
  alarms: Array<Alarm>;
  checklists: Array<Checklist>;
  offers: Array<Handover>;
  pending: Array<CommandState>;
}

/** How far an upload has come. */
export interface Progress {
  done: number; // items
  all: number;
}

/** A rectangle of the map. */
export interface Bounds {
  south: number; // rad
  west: number; // rad
  north: number; // rad
  east: number; // rad
}

/** One direction of a runway. */
export interface Runway {
  name: string; // 22
  course: number; // rad true
  latitude: number; // rad, threshold
  longitude: number; // rad
  length: number; // m
}

/** Somewhere to land. */
export interface Aerodrome {
  name: string; // LTAC
  title: string | null;
  latitude: number; // rad
  longitude: number; // rad
  altitude: number; // m msl
  runways: Array<Runway>;
  home: boolean;
  closed: boolean;
}

/** First message after opening. */
export interface Hello {
  t: "hello";
  version: number;
  software: string;
  seat: Seat;
  languages: Array<string>;
  failures: Array<string>; // instructor: systems that can fail
  conditions: Array<string>; // instructor: keys of weather
  link_conditions: Array<string>;
  journal: string | null; // name of the file
  replaying: boolean;
}

/** Shaded relief under the map; not sent where there is no terrain. */
export interface Ground {
  t: "ground";
  url: string; // PNG, equirectangular between its bounds
  bounds: Bounds;
}

/** Where one can land. */
export interface Fields {
  t: "fields";
  fields: Array<Aerodrome>;
}

/** One MAVLink mission item; parameters 1 to 4 as MAVLink has them. */
export interface Item {
  command: number;
  frame: number;
  params: [number | null, number | null, number | null, number | null];
  latitude: number | null; // rad
  longitude: number | null; // rad
  altitude: number | null; // m in its frame
  autocontinue: boolean;
}

/** What the aircraft holds of a kind of plan. */
export interface Route {
  t: "route";
  sysid: number;
  kind: Kind;
  version: number | null;
  items: Array<Item>;
  lands_s: number | null; // of a lost-link route: s from now
  lands_at: string | null;
}

/** A place on the way ahead. */
export interface ProfilePoint {
  s: number; // s from now
  distance: number; // m from the aircraft
  altitude: number | null; // m msl
  ground: number | null; // m msl
}

/** The route ahead from the side. */
export interface Profile {
  t: "profile";
  sysid: number;
  points: Array<ProfilePoint>;
  lost_link: Array<ProfilePoint>;
  marks: Array<[number, number]>; // distance m, item
  ceiling: number | null; // m msl
  freezing: number | null; // m msl, where it is 0 degrees Celsius
}

/** Margins of the links at a place ahead. */
export interface Margin {
  s: number; // s from now
  distance: number; // m
  los_db: number | null;
  satellite_db: number | null;
}

/** A stretch without link. */
export interface Gap {
  bearer: string; // line_of_sight, satellite, all
  start_s: number;
  end_s: number;
  start: number; // m
  end: number; // m
  reason: string; // terrain, horizon, range, gap
}

/** Margins of the links along the route ahead. */
export interface Prediction {
  t: "prediction";
  sysid: number;
  points: Array<Margin>;
  gaps: Array<Gap>;
}

/** The flight as columns over time, thinned; `foreseen` columns follow the flown ones in the same arrays. */
export interface Strip {
  t: "strip";
  sysid: number;
  s: Array<number>; // sim_s
  altitude: Array<number | null>;
  ground: Array<number | null>;
  ice: Array<number | null>;
  stall_margin: Array<number | null>;
  los_db: Array<number | null>;
  satellite_db: Array<number | null>;
  fuel: Array<number | null>;
  mode: Array<string | null>;
  by: Array<number | null>;
  latitude: Array<number | null>;
  longitude: Array<number | null>;
  now: number; // index of the first foreseen
  start_unix_s: number | null; // simulated UTC at sim_s = 0
}

/** Why a plan is not good. */
export interface Problem {
  item: number | null; // None: the plan as a whole
  severity: "error" | "warning"; // a warning does not refuse the plan
  words: string;
}

/** Answer to `check`, and to `upload` where it is refused before it is sent. */
export interface Check {
  t: "check";
  id: string;
  sysid: number;
  kind: Kind;
  ok: boolean;
  problems: Array<Problem>;
  ground: Array<number | null>; // m msl under each item
}

/** Where the replay stands. */
export interface Replay {
  t: "replay";
  on: boolean;
  start_ms: number;
  end_ms: number;
  at_ms: number;
  rate: number; // x the pace at which it was recorded; 0 stands
  marks: Array<[number, string, string]>; // wall ms, kind, words
}

/** A line of the journal. */
export interface Line {
  wall_ms: number;
  sim_s: number | null;
  who: string;
  kind: string;
  words: string;
}

/** Newest lines of the record of what was done, newest last. */
export interface Journal {
  t: "journal";
  lines: Array<Line>;
}

/** One setting of an aircraft. */
export interface Parameter {
  name: string;
  value: number;
  default: number | null;
  least: number | null;
  most: number | null;
  unit: string | null;
  words: string | null;
}

/** The settings of an aircraft, as far as they have come. */
export interface Parameters {
  t: "parameters";
  sysid: number;
  complete: boolean;
  list: Array<Parameter>;
}

/** A message of the browser that the station does not take. */
export interface Refusal {
  t: "refusal";
  id: string | null;
  words: string;
  checklist: string | null;
  item: string | null;
}

export type Told = Picture | Hello | Ground | Fields | Route | Profile | Prediction | Strip | Check | Replay | Journal | Parameters | Refusal;

/** Something the aircraft shall do; what is not given is the aircraft's own choice. */
export interface Command {
  t: "command";
  id: string; // chosen by the browser, comes back in pending
  sysid: number;
  kind: string;
  latitude?: number | null; // rad
  longitude?: number | null; // rad
  altitude?: number | null; // m msl
  airspeed?: number | null; // m/s calibrated
  heading?: number | null; // rad true
  radius?: number | null; // m, + clockwise
  length?: number | null; // m, long radius of a figure eight
  leg?: number | null; // item
  field?: number | null; // 0 home, then as in fuel.fields
  value?: number | null;
  azimuth?: number | null; // rad
  elevation?: number | null; // rad
  confirmed?: boolean; // held for 1.5 s
}

/** Send a plan to an aircraft. */
export interface Upload {
  t: "upload";
  id: string;
  sysid: number;
  kind: Kind;
  items: Array<Item>;
}

/** Ask whether a plan would be taken, without sending it. */
export interface CheckRoute {
  t: "check";
  id: string;
  sysid: number;
  kind: Kind;
  items: Array<Item>;
}

/** Fetch a plan from an aircraft. */
export interface Download {
  t: "download";
  id: string;
  sysid: number;
  kind: Kind;
}

/** Steps of who commands. */
export interface Authority {
  t: "authority";
  id: string;
  sysid: number;
  step: "request" | "release" | "offer" | "take_offer" | "transfer" | "cancel" | "override";
  loi?: number;
  to?: number | null; // system id of the other station
  confirmed?: boolean; // second action of an override
}

/** Accept one value of a hand-over as the aircraft has it. */
export interface AcceptDifference {
  t: "accept_difference";
  id: string;
  sysid: number;
  index: number;
}

/** An alarm has been seen. */
export interface Acknowledge {
  t: "acknowledge";
  alarm: number;
}

/** A line of a checklist is done. */
export interface Tick {
  t: "tick";
  sysid: number;
  checklist: string;
  item: string;
  done?: boolean;
}

/** Open or close a checklist. */
export interface OpenChecklist {
  t: "open_checklist";
  sysid: number;
  checklist: string;
  open?: boolean;
}

/** Ask for the settings of an aircraft. */
export interface GetParameters {
  t: "get_parameters";
  sysid: number;
}

/** Change one setting; its state comes in pending. */
export interface SetParameter {
  t: "set_parameter";
  id: string;
  sysid: number;
  name: string;
  value: number;
}

/** Change the language of the seat. */
export interface SetLanguage {
  t: "set_language";
  language: string;
}

/** Which aircraft this browser looks at: its strip, profile and prediction are sent. */
export interface Select {
  t: "select";
  sysid: number;
}

/** Look back at what the crew saw. */
export interface SetReplay {
  t: "set_replay";
  on: boolean;
  at_ms?: number | null;
  rate?: number;
}

/** Only from a seat of that role. */
export interface Instructor {
  t: "instructor";
  id: string;
  sysid: number;
  what: "failure" | "condition" | "link";
  key: string; // of hello.failures, .conditions, .link_conditions
  value?: number | null; // failure, link: part lost 0..1; condition: in its unit, None as the mission has it
  part?: number; // link: system id of the station, 0 all
  start_s?: number; // link: s of delay added
  duration_s?: number | null; // failure, link: s of simulated time, None until changed
}

export type Asked = Command | Upload | CheckRoute | Download | Authority | AcceptDifference | Acknowledge | Tick | OpenChecklist | GetParameters | SetParameter | SetLanguage | Select | SetReplay | Instructor;

export type Role = "pilot" | "payload" | "commander" | "maintainer" | "instructor" | "observer";

/** A point on or above the earth. */
export interface Place {
  latitude: number; // rad
  longitude: number; // rad
  altitude: number; // m msl
}

/** Whose screen this is. */
export interface Seat {
  id: string; // S1
  name: string;
  role: Role;
  sysid: number;
  language: string; // en, tr
}

/** A ground station as this one knows it. */
export interface Site {
  id: string;
  name: string;
  sysid: number;
  latitude: number | null; // rad
  longitude: number | null; // rad
  alive: boolean | null; // None: never heard
  age: number | null; // s
}

/** Seconds since each group of values was last heard, with the delay of the link where it is known. */
export interface Ages {
  position: number | null;
  attitude: number | null;
  status: number | null;
  links: number | null;
  fuel: number | null;
  turret: number | null;
  authority: number | null;
}

/** System ids in command by level of interoperability; 0 nobody. */
export interface Holder {
  loi3: number | null; // payload
  loi4: number | null; // aircraft
  loi5: number | null; // take-off and landing as well
}

/** How the aircraft lies. */
export interface Attitude {
  phi: number | null; // rad, + right wing down
  theta: number | null; // rad, + nose up
  psi: number | null; // rad true
}

/** Where the aircraft is. */
export interface Position {
  latitude: number | null; // rad
  longitude: number | null; // rad
  altitude: number | null; // m msl
  agl: number | null; // m above the terrain that the station has
  relative: number | null; // m above home
}

/** How fast it goes. */
export interface Speeds {
  ground: number | null; // m/s
  course: number | null; // rad true
  climb: number | null; // m/s
  calibrated: number | null; // m/s
  true: number | null; // m/s
}

/** Wind as the aircraft estimates it. */
export interface Wind {
  bearing: number | null; // rad true, from where
  speed: number | null; // m/s
}

/** What the aircraft does, why, by whom, and what comes next. */
export interface Mode {
  now: string | null; // name, key of the catalogue as mode.<name>
  reason: string | null; // key of the catalogue as reason.<name>
  since_s: number | null; // s ago
  next: string | null; // armed next mode
  trigger: string | null; // what would bring it, key of the catalogue as trigger.<name>
  by: number | null; // system id that commanded it, 0 the aircraft itself
  at_s: number | null; // s ago, when it was commanded
  standard: number | null; // MAV_STANDARD_MODE
  heading: number | null; // rad, in 60 s
  altitude: number | null; // m, in 60 s
  distance: number | null; // m flown in 60 s
}

/** What it aims at. */
export interface Target {
  altitude: number | null; // m msl
  airspeed: number | null; // m/s calibrated
  heading: number | null; // rad true
}

/** Somewhere to land, with the fuel that takes. */
export interface Field {
  name: string;
  needed: number | null; // kg to land there with the reserve
  flight_s: number | null; // s
  bingo_s: number | null; // s until one must turn to it
}

/** Fuel as the aircraft reckons it. */
export interface Fuel {
  aboard: number | null; // kg
  flow: number | null; // kg/s
  reserve: number | null; // kg
  fraction: number | null; // of full tanks or of the battery
  fields: Array<Field>;
}

/** Ice and what it costs. */
export interface Ice {
  detected: boolean | null;
  rate: number | null; // kg/s
  mass: number | null; // kg, estimated aboard
  excess: number | null; // W, power to spare
  protection: string | null; // off, ready, heating, failed
  stall_margin: number | null; // of stall speed
  stall_speed: number | null; // m/s calibrated
  outside: number | null; // K
}

/** A temperature with its limits. */
export interface Heat {
  name: string; // key of the catalogue as heat.<name>
  temperature: number | null; // K
  least: number | null; // K
  most: number | null; // K
}

/** One way by which frames come and go. */
export interface Bearer {
  bearer: string; // line_of_sight, satellite
  margin: number | null; // dB
  up: boolean | null;
  delay: number | null; // s
  age: number | null; // s since a frame came by it
  loss: number | null; // fraction of the last minute
  gap_s: number | null; // s until the next foreseen gap
  gap_for_s: number | null; // s that it lasts
}

/** How the flight will end, as the aircraft foresees it. */
export interface Outlook {
  outcome: string | null; // completed, diverted, refused, lost
  reason: string | null;
  field: string | null;
  lands_s: number | null; // s from now
  fuel: number | null; // kg at landing
}

/** Where the camera looks. */
export interface Turret {
  azimuth: number | null; // rad from the nose
  elevation: number | null; // rad, + up
  field_of_view: number | null; // rad
  mode: string | null;
  aim: Place | null;
  footprint: Array<[number, number]> | null; // latitude, longitude, rad, four corners
}

/** Opaque ids of what the aircraft holds; 0 none. */
export interface Versions {
  mission: number | null;
  fence: number | null;
  rally: number | null;
  lost_link: number | null;
}

/** A STATUSTEXT. */
export interface Words {
  s: number; // sim_s
  severity: number; // 0 emergency .. 7 debug
  words: string;
}

/** Everything known of one aircraft. */
export interface Aircraft {
  sysid: number;
  name: string; // two digits
  type: string | null;
  foreign: boolean; // speaks no own dialect
  duplicate: boolean; // two aircraft answer to this id
  age: Ages;
  heard_wall_ms: number | null;
  sent_sim_s: number | null;
  holder: Holder;
  attitude: Attitude;
  place: Position;
  v: Speeds;
  wind: Wind;
  mode: Mode;
  target: Target;
  soon: Array<Place>; // the next 60 s
  fuel: Fuel;
  ice: Ice;
  heat: Array<Heat>;
  links: Array<Bearer>;
  active_bearer: string | null;
  lost_link_s: number | null; // s until the aircraft takes itself for lost, at this age of the link
  reach: Array<number> | null; // m, 36 bearings from north
  reach_fields: number | null; // bits over fuel.fields
  outlook: Outlook | null;
  turret: Turret;
  leg: number | null;
  legs: number | null;
  home: Place | null;
  versions: Versions;
  shown: Versions; // what this station shows
  armed: boolean | null;
  landed: boolean | null;
  phase: "ground" | "take_off" | "air" | "landing" | null;
  engine_running: boolean | null;
  engine_speed: number | null; // rad/s
  throttle: number | null; // 0..1
  satellites: number | null;
  load: number | null; // fraction of the processor
  health: Array<string>; // sensors present and unhealthy, keys of the catalogue as sensor.<name>
  prearm: Array<string>; // why it may not arm, as it says
  text: Array<Words>;
  recovered: boolean; // parts are from before this station was restarted
  usable: boolean; // fresh enough to command on
  mine: boolean; // this seat commands it
  neutral: boolean; // command regained and not yet acknowledged: inputs stay neutral
}

export type Maybe = number | null;

export type ServerMessage = Told;

export type ServerMessageOf<T extends Told["t"]> = Extract<Told, { t: T }>;
