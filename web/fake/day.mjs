/**
 * A synthetic day for development and tests: three aircraft, three stations, on the station's wire. Nothing here is physics;
 * the numbers only hang together well enough to look at.
 */
const RAD = Math.PI / 180;
const EARTH_M = 6371000;

/** Simulated UTC at sim_s = 0: 04:10 on 20 January 2026. */
export const START_UNIX_S = Date.UTC(2026, 0, 20, 4, 10) / 1000;
/** Length of the flight and where "now" stands when the fake begins [s]. */
const FLIGHT_S = 23.33 * 3600;
export const NOW_S = 9.53 * 3600;

export const SCENES = ["quiet", "alarm", "warning", "handover", "link_loss", "stale", "ground", "day"];

const smooth = (x) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));
const between = (a, b, part) => a + (b - a) * part;

function altitudeAt(s) {
  const h = s / 3600;
  if (h < 0.6) return between(953, 4250, smooth(h / 0.6));
  if (h > 22.6) return between(5100, 953, smooth((h - 22.6) / 0.7));
  if (h > 5.7 && h < 8.8) return between(4250, 5250, smooth((h - 5.7) * 8) * (1 - smooth((h - 8.7) * 8)));
  if (h > 15.9) return between(4250, 5250, smooth((h - 15.9) * 6));
  return 4250;
}

function groundAt(s) {
  const bump = Math.sin(s / 2900) * 900 + Math.sin(s / 780) * 350 + Math.sin(s / 330) * 160 - 250;
  return Math.max(0, Math.min(1500, bump));
}

function iceAt(s) {
  const h = s / 3600;
  return h > 4.6 && h < 6 ? 3.1 * smooth((h - 4.6) / 1) * (1 - smooth((h - 5.75) / 0.2)) : 0;
}

const losAt = (s) => Math.max(-6, 14 - 4 * Math.sin(s / 540) - (Math.sin(s / 1600) > 0.72 ? 18 : 0));
const satAt = (s) => (Math.abs(s / 3600 - 14.93) < 0.03 ? -2 : 6.2 + 0.5 * Math.sin(s / 240));
const fuelAt = (s) => 250 - (205 * s) / FLIGHT_S;

function modeAt(s) {
  const h = s / 3600;
  if (h < 0.15) return ["CLIMB", 241];
  if (h < 1) return ["ROUTE", 241];
  if (h > 5.68 && h < 6.2) return ["CLIMB", 0];
  if (h > 22.2) return h > 23.1 ? ["APPROACH", 241] : ["RETURN", 241];
  return ["SURVEY", 241];
}

const lat = (s) => (42.36 - 0.14 * Math.floor(((s / 3600) % 10) / 1.3)) * RAD;
const lon = (s) => (33.4 + 1.5 * Math.sin(s / 2300)) * RAD;

/** The strip of aircraft 01; the others have shorter flights. */
export function strip(sysid, now = NOW_S) {
  const length = sysid === 1 ? FLIGHT_S : 9 * 3600;
  const shift = sysid === 1 ? 0 : 5 * 3600;
  const out = { t: "strip", sysid, s: [], altitude: [], ground: [], ice: [], stall_margin: [], los_db: [], satellite_db: [], fuel: [], mode: [], by: [], latitude: [], longitude: [], now: 0, start_unix_s: START_UNIX_S };
  for (let s = shift; s <= shift + length; s += 120) column(out, s, s - shift);
  out.now = out.s.findIndex((s) => s > now);
  return out;
}

function column(out, s, flown) {
  const [mode, by] = modeAt(flown);
  const add = { s, altitude: altitudeAt(flown), ground: groundAt(s), ice: iceAt(flown), stall_margin: 0.25, los_db: losAt(s), satellite_db: satAt(s), fuel: fuelAt(flown), mode, by, latitude: lat(s), longitude: lon(s) };
  for (const [name, value] of Object.entries(add)) out[name].push(value);
}

/** Margins foreseen along the way for an hour, and the gaps. */
export function prediction(sysid) {
  const points = Array.from({ length: 61 }, (_, i) => ({ s: i * 60, distance: i * 2700, los_db: 14 - 4 * Math.sin(i / 9) - (i > 38 && i < 50 ? 16 : 0), satellite_db: 6.2 + 0.5 * Math.sin(i / 4) }));
  const gap = (bearer, start_s, end_s, reason) => ({ bearer, start_s, end_s, start: start_s * 45, end: end_s * 45, reason });
  return { t: "prediction", sysid, points, gaps: [gap("line_of_sight", 2280, 3000, "terrain"), gap("all", 19380, 19560, "gap")] };
}

function aircraft(sysid, at, more) {
  const base = {
    sysid, name: String(sysid).padStart(2, "0"), type: "anka", foreign: false, duplicate: false,
    age: { position: 0.2, attitude: 0.1, status: 0.3, links: 0.6, fuel: 0.8, turret: 0.4, authority: 0.5 },
    heard_wall_ms: at.wall_ms - 200, sent_sim_s: at.s - 0.2, holder: { loi3: 240 + sysid, loi4: 240 + sysid, loi5: 0 },
    attitude: { phi: 0, theta: 3.1 * RAD, psi: 0 }, place: { latitude: 41 * RAD, longitude: 35 * RAD, altitude: 1000, agl: 900, relative: 900 },
    v: { ground: 40, course: 0, climb: 0, calibrated: 36.5, true: 45.8 }, wind: { bearing: 290 * RAD, speed: 9.3 },
    mode: { now: "HOLD", reason: null, since_s: 1200, next: null, trigger: null, by: 240 + sysid, at_s: 1200, standard: 1, heading: 0, altitude: 1000, distance: 2700 },
    target: { altitude: 1000, airspeed: 37, heading: 0 }, soon: [],
    fuel: { aboard: 80, flow: 8.2 / 3600, reserve: 25, fraction: 0.4, fields: [] },
    ice: { detected: false, rate: 0, mass: 0, excess: 6200, protection: "ready", stall_margin: 0.25, stall_speed: 29.2, outside: 261.2 },
    heat: [], links: links(at.s), active_bearer: "line_of_sight", lost_link_s: null, reach: null, reach_fields: 7,
    outlook: { outcome: "completed", reason: null, field: "LTAC", lands_s: 5 * 3600, fuel: 60 },
    turret: { azimuth: 0, elevation: -0.6, field_of_view: 0.1, mode: "stabilised", aim: null, footprint: null },
    leg: 7, legs: 12, home: { latitude: 40.128 * RAD, longitude: 32.995 * RAD, altitude: 953 },
    versions: { mission: 3, fence: 2, rally: 1, lost_link: 7 }, shown: { mission: 3, fence: 2, rally: 1, lost_link: 7 },
    armed: true, landed: false, phase: "air", engine_running: true, engine_speed: 550, throttle: 0.6, satellites: 14, load: 0.3,
    health: [], prearm: [], text: [], recovered: false, usable: true, mine: false, neutral: false,
  };
  return merge(base, more);
}

function merge(base, more) {
  for (const [key, value] of Object.entries(more)) {
    const inner = value && typeof value === "object" && !Array.isArray(value) && base[key] && !Array.isArray(base[key]);
    base[key] = inner ? merge({ ...base[key] }, value) : value;
  }
  return base;
}

function links(s) {
  return [
    { bearer: "line_of_sight", margin: 14.3 + 0.4 * Math.sin(s / 7), up: true, delay: 0.012, age: 0.3, loss: 0.001, gap_s: 2280, gap_for_s: 720 },
    { bearer: "satellite", margin: 6.4 + 0.2 * Math.sin(s / 5), up: true, delay: 0.61, age: 1.1, loss: 0.002, gap_s: 19380, gap_for_s: 180 },
  ];
}

const field = (name, flight_h, bingo_h) => ({ name, needed: 25 + flight_h * 8, flight_s: flight_h * 3600, bingo_s: bingo_h * 3600 });

function soonAlong(latitude, longitude, course, speed, altitude) {
  return Array.from({ length: 7 }, (_, i) => ({
    latitude: latitude + (Math.cos(course) * speed * i * 10) / EARTH_M,
    longitude: longitude + (Math.sin(course) * speed * i * 10) / (EARTH_M * Math.cos(latitude)),
    altitude,
  }));
}

function first(at) {
  const t = at.s - NOW_S - 127;
  const psi = 272 * RAD;
  const latitude = 42.36 * RAD;
  const longitude = 33.62 * RAD - (45.8 * t) / (EARTH_M * Math.cos(latitude));
  const altitude = 4249 + 2 * Math.sin(t / 5);
  return aircraft(1, at, {
    holder: { loi3: 241, loi4: 241, loi5: 241 },
    attitude: { phi: 1.5 * RAD * Math.sin(t / 3), theta: (3.1 + 0.3 * Math.sin(t / 4)) * RAD, psi: psi + 0.01 * Math.sin(t / 6) },
    place: { latitude, longitude, altitude, agl: altitude, relative: altitude - 953 },
    v: { ground: 37, course: 270 * RAD, climb: 0.3 * Math.cos(t / 5), calibrated: 36.6 + 0.4 * Math.sin(t / 4), true: 45.8 }, reach: Array.from({ length: 36 }, (_, i) => 54000 + 8000 * Math.cos(i * 10 * RAD - 2)),
    mode: { now: "SURVEY", next: "TURN", trigger: "WAYPOINT", by: 241, at_s: 2400, standard: 6, heading: psi, altitude, distance: 2780 },
    target: { altitude: 4249, airspeed: 37, heading: psi }, soon: soonAlong(latitude, longitude, psi, 45.8, altitude),
    fuel: { aboard: 159 - (8.2 / 3600) * t, fields: [field("LTAC", 1.53, 14.18), field("LTAS", 0.95, 14.85), field("LTFH", 1.67, 14.03)] },
    outlook: { outcome: "completed", field: "LTAC", lands_s: 13.8 * 3600 - t, fuel: 45 },
    mine: true,
  });
}

function second(at) {
  return aircraft(2, at, {
    attitude: { psi: 128 * RAD }, place: { latitude: 41.62 * RAD, longitude: 35.75 * RAD, altitude: 1830, agl: 1500 },
    mode: { now: "RETURN", next: "LAND", trigger: "DISTANCE", heading: 128 * RAD, altitude: 1830 },
    fuel: { aboard: 62, fields: [field("LTAC", 2.1, 3.2), field("LTFH", 0.73, 4.6), field("LTAS", 2.5, 2.2)] }, outlook: { outcome: "completed", field: "LTFH", lands_s: 2640, fuel: 56 },
  });
}

function third(at) {
  const t = at.s - NOW_S - 127;
  return aircraft(3, at, {
    attitude: { phi: 18 * RAD, psi: (40 + t * 3) * RAD }, place: { latitude: 41.1 * RAD, longitude: 35.9 * RAD, altitude: 975, agl: 900 }, v: { course: (40 + t * 3) * RAD },
    mode: { now: "HOLD", heading: 40 * RAD, altitude: 975 }, target: { altitude: 975, heading: null },
    fuel: { aboard: 74, fields: [field("LTAC", 2.2, 4.1), field("LTFH", 0.4, 4.67), field("LTAS", 2.4, 3.7)] },
  });
}

const site = (n, latitude, longitude, age) => ({ id: `S${n}`, name: ["Ankara", "Sinop", "Samsun"][n - 1], sysid: 240 + n, latitude: latitude * RAD, longitude: longitude * RAD, alive: true, age });

const sensed = (id, words, done) => ({ id, words, sensed: true, done, by: done ? "sensed" : "", at_ms: null });
const byCrew = (id, words, done = false) => ({ id, words, sensed: false, done, by: done ? "crew" : "", at_ms: null });

/** The words that a real station takes from its catalogue, by language of the seat. */
const WORDS = {
  en: { cloud: "next cloud", ice: "ice", pitot: "Pitot heat on", detectors: "Ice detectors, two agree", armed: "Protection ready, 6.2 kW free", top: "Cloud top ahead known", climb: "Climb 45 min before", back: "Read back target height", speed: "Speed raised by aircraft", leave: "Leave ice: climb", reset: "Heater bus B: reset once", divert: "Not shedding in 5 min: land", shed: "ICE, protection not shedding", bus: "left wing heater bus has no current", stall: "stall margin 14 %", offer: "hand-over offered by S3", engine: "ENGINE stopped", power: "generator off, battery 38 min", lost: "COMMAND LOST, link gone", route: "flies its lost-link route", lost_route: "lost-link route", target: "target height" },
  tr: { cloud: "sıradaki bulut", ice: "buz", pitot: "Pito ısıtma açık", detectors: "Buz algılayıcı, ikisi aynı", armed: "Koruma hazır, 6,2 kW boşta", top: "Öndeki bulut tepesi belli", climb: "45 dk önce tırman", back: "Hedef yüksekliği teyit et", speed: "Hızı uçak artırdı", leave: "Buzdan çık: tırman", reset: "Isıtıcı bara B: bir kez sıfırla", divert: "5 dk içinde atmazsa: in", shed: "BUZ, koruma buzu atmıyor", bus: "sol kanat ısıtıcı barasında akım yok", stall: "stall payı % 14", offer: "devrediliyor, S3 veriyor", engine: "MOTOR durdu", power: "jeneratör yok, akü 38 dk", lost: "KUMANDA KAYBI, bağ yok", route: "bağ kaybı rotasını uçuyor", lost_route: "bağ kaybı rotası", target: "hedef yükseklik" },
};

function quietList(w, at) {
  return { id: "cloud", sysid: 1, words: w.cloud, complete: false, gate: null, opened_by: null, since_ms: at.wall_ms - 60000, items: [sensed("pitot", w.pitot, true), sensed("detectors", w.detectors, true), sensed("armed", w.armed, true), byCrew("top", w.top), byCrew("climb", w.climb), byCrew("back", w.back)] };
}

function iceList(w, at) {
  return { id: "ice", sysid: 1, words: w.ice, complete: false, gate: null, opened_by: 11, since_ms: at.wall_ms - 5000, items: [sensed("pitot", w.pitot, true), sensed("speed", w.speed, true), byCrew("leave", w.leave), byCrew("reset", w.reset), byCrew("divert", w.divert)] };
}

function alarm(id, sysid, key, level, words, at, more = {}) {
  return { id, sysid, key, level, words, since_ms: at.wall_ms - (at.s - NOW_S) * 1000, active: true, acknowledged: false, cause: null, consequences: [], tone: level === "advisory" ? "" : level, speak: "", checklist: null, inhibited: false, ...more };
}

function handover(w) {
  return { sysid: 3, giver: 243, taker: 241, loi: 4, step: "differences", compared: 11, read_back_s: null, differences: [
    { index: 0, name: "lost_link_route", words: w.lost_route, aircraft: "v7", station: "v6", accepted: false },
    { index: 1, name: "target_altitude", words: w.target, aircraft: "3 200 ft", station: "4 500 ft", accepted: false },
  ] };
}

const CHANGES = {
  quiet: () => {},
  ground: (p) => merge(p.aircraft[0], { landed: true, armed: false, engine_running: false, phase: "ground", mode: { now: "PARKED", next: null, trigger: null, heading: null }, place: { altitude: 953, agl: 0 }, v: { ground: 0, climb: 0, calibrated: 0, true: 0 }, ice: { stall_margin: null } }),
  alarm: (p, w, at) => {
    merge(p.aircraft[0], { ice: { detected: true, rate: 0.001, mass: 4.1, stall_margin: 0.14, stall_speed: 32.1 }, mode: { next: "ICE_ESCAPE", trigger: "STALL_MARGIN" }, outlook: { outcome: "diverted", reason: "ICE", field: "LTFH", lands_s: 7200 } });
    p.alarms = [alarm(10, 1, "heater_bus", "caution", w.shed, at, { consequences: [12], checklist: "ice", id: 11 }), alarm(12, 1, "stall_margin", "caution", w.stall, at, { cause: 11 }), alarm(13, 3, "handover", "advisory", w.offer, at)];
    p.checklists = [iceList(w, at), quietList(w, at)];
    p.offers = [handover(w)];
  },
  warning: (p, w, at) => {
    merge(p.aircraft[0], { engine_running: false, mode: { now: "GLIDE", reason: "ENGINE_OUT", next: "LAND", trigger: "HEIGHT", by: 0 }, v: { climb: -1.4 }, outlook: { outcome: "diverted", reason: "ENGINE_OUT", field: "LTAS", lands_s: 2700 } });
    p.alarms = [alarm(20, 1, "engine", "warning", w.engine, at, { consequences: [21] }), alarm(21, 1, "power", "caution", w.power, at, { cause: 20 })];
  },
  handover: (p, w, at) => {
    p.alarms = [alarm(13, 3, "handover", "advisory", w.offer, at)];
    p.offers = [handover(w)];
  },
  link_loss: (p, w, at) => {
    const dead = 9 + Math.max(0, at.s - NOW_S - 127);
    merge(p.aircraft[0], { usable: false, age: { position: dead, attitude: dead, status: dead, links: dead, fuel: dead, authority: dead }, lost_link_s: Math.max(0, 51 - (at.s - NOW_S - 127)), active_bearer: null });
    p.aircraft[0].links = p.aircraft[0].links.map((l) => ({ ...l, up: false, margin: null, age: dead }));
    p.alarms = [alarm(30, 1, "command_lost", "warning", w.lost, at, { tone: "command_lost", consequences: [31] }), alarm(31, 1, "lost_link", "advisory", w.route, at, { cause: 30 })];
  },
  stale: (p) => merge(p.aircraft[0], { age: { position: 3.1, attitude: 3.1, status: 3.1, fuel: 3.4, links: 2.6, authority: 2.2 } }),
};

/** Scenes of the running day, by seconds since its start, in turn. */
function sceneOfDay(t) {
  const at = t % 240;
  return at < 40 ? "quiet" : at < 90 ? "alarm" : at < 120 ? "handover" : at < 150 ? "link_loss" : at < 180 ? "warning" : "quiet";
}

/** The picture of a scene at `t` seconds since its start. */
export function picture(scene = "quiet", t = 0, { n = 1, wall_ms = (START_UNIX_S + NOW_S) * 1000 + t * 1000, language = "en", role = "pilot" } = {}) {
  const at = { s: NOW_S + 127 + t, wall_ms };
  const w = WORDS[language] ?? WORDS.en;
  const p = {
    t: "picture", n, wall_ms, sim_s: at.s, speed: 1, replaying: false, seat: { id: "S1", name: "Ankara", role, sysid: 241, language },
    stations: [site(1, 40.02, 32.72, 0), site(2, 42, 35.15, 0.6), site(3, 41.03, 36.7, 0.8)],
    aircraft: [first(at), second(at), third(at)], alarms: [], checklists: [quietList(w, at)], offers: [], pending: [],
  };
  const now = scene === "day" ? sceneOfDay(t) : scene;
  (CHANGES[now] ?? CHANGES.quiet)(p, w, at);
  return p;
}

/** First message. */
export function hello(role = "pilot", language = "en") {
  return { t: "hello", version: 1, software: "fake", seat: { id: "S1", name: "Ankara", role, sysid: 241, language }, languages: ["en", "tr"], failures: ["engine", "pitot", "heater_bus", "gnss"], conditions: ["temperature_offset", "wind_factor", "liquid_water"], link_conditions: ["loss", "delay", "bandwidth"], journal: null, replaying: false };
}

/** Parameters of an aircraft. */
export function parameters(sysid) {
  const one = (name, value, least, most, unit, words) => ({ name, value, default: value, least, most, unit, words });
  return { t: "parameters", sysid, complete: true, list: [one("FUEL_RESERVE", 25, 10, 60, "kg", "Fuel that a landing must leave"), one("LINK_LOST_S", 60, 10, 600, "s", "Silence after which the link counts as lost"), one("LOIT_RADIUS", 1200, 400, 5000, "m", "Radius of a hold"), one("SPD_MIN_MARGIN", 0.15, 0.1, 0.4, "", "Speed kept above stall"), one("GA_HEIGHT", 60, 30, 200, "m", "Lowest height of an automatic go-around")] };
}

/** A route around the survey, the lost-link route and a fence, in rad. */
export function routes(sysid) {
  const item = (command, latitude, longitude, altitude) => ({ command, frame: 0, params: [0, 0, 0, null], latitude: latitude * RAD, longitude: longitude * RAD, altitude, autocontinue: true });
  const path = [[40.5, 32.7], [42.5, 31.95], [42.5, 34.95], [42.36, 34.95], [42.36, 31.95], [42.22, 31.95], [42.22, 34.95], [42.08, 34.95]];
  const lost = [[41.95, 33.3], [41.2, 33.05], [40.25, 32.995]];
  const fence = [[42.62, 31.55], [42.62, 35.45], [41.75, 35.45], [41.5, 36.9], [40.95, 36.9], [40.6, 34.2], [39.85, 33.6], [39.85, 32.3], [40.9, 32.2], [41.4, 31.55]];
  const route = (kind, version, items, more = {}) => ({ t: "route", sysid, kind, version, items, lands_s: null, lands_at: null, ...more });
  if (sysid !== 1) return [];
  return [route("mission", 3, path.map(([a, b]) => item(16, a, b, 4250))), route("lost_link", 7, lost.map(([a, b]) => item(16, a, b, 1830)), { lands_s: 6100, lands_at: "LTAC" }), route("fence", 2, fence.map(([a, b]) => ({ ...item(5001, a, b, 0), params: [fence.length, 0, 0, null] })))];
}

/** Fields to land at. */
export function fields() {
  const one = (name, title, latitude, longitude, altitude, more = {}) => ({ name, title, latitude: latitude * RAD, longitude: longitude * RAD, altitude, runways: [], home: false, closed: false, ...more });
  return { t: "fields", fields: [one("LTAC", "Ankara", 40.128, 32.995, 953, { home: true }), one("LTFH", "Samsun", 41.2545, 36.567, 5), one("LTAS", "Zonguldak", 41.506, 32.089, 12), one("LTAL", "Kastamonu", 41.314, 33.796, 1070, { closed: true })] };
}

/** The way ahead from the side. */
export function profile(sysid) {
  const at = (i, altitude) => ({ s: i * 60, distance: i * 2700, altitude, ground: Math.max(0, groundAt(i * 140)) });
  return { t: "profile", sysid, points: Array.from({ length: 101 }, (_, i) => at(i, 4250)), lost_link: Array.from({ length: 101 }, (_, i) => at(i, i < 38 ? between(4250, 1830, i / 38) : 1830)), marks: [[21600, 5], [54000, 6], [199800, 7], [237600, 8]], ceiling: null, freezing: 2400 };
}
