/** What stands still for a second: fences, routes, lost-link routes, fields, stations, reach, trails, and all names. */
import { nothing, svg, type SVGTemplateResult } from "lit";
import { t } from "../i18n";
import { settings } from "../settings";
import type { Store } from "../store";
import { amount, callsign, clock, duration, heading, known, symbol, withUnit } from "../units";
import type { Aerodrome, Aircraft, Gap, Item, Route } from "../wire";
import { areas, type Area } from "./fence";
import { areaOf, pathOf, round, ticks, turning } from "./line";
import { Names, type Run } from "./names";
import { beyond, distance, type Camera, type Place, type Point } from "./projection";
import { ahead, lengthOf, stretch, trace, type Spot, type Trace } from "../editor/trace";
import { placeOf, RALLY_POINT } from "../editor/commands";

type Drawn = SVGTemplateResult | typeof nothing;

export interface StillView {
  readonly store: Store;
  readonly camera: Camera;
  readonly trails: ReadonlyMap<number, readonly Place[]>;
  readonly narrow: boolean;
  /** Simulated UTC at sim_s = 0 [s since 1970], where known. */
  readonly start_unix_s: number | null;
  /** Someone edits: the mission itself steps back. */
  readonly editing: boolean;
  /** Boxes of the page above the map. */
  readonly taken: readonly { x: number; y: number; width: number; height: number }[];
}

/** A way that ends so near a field ends there [m]. */
const FIELD_REACH = 6000;
const OLD_S = 2;
const DEAD_S = 5;
/** Opaque ids above this are shown by four hexadecimal digits. */
const PLAIN_VERSION = 9999;

/** A version as people say it: `v7`, or four digits of an opaque id. */
export function versionName(version: number | null): string {
  if (!known(version)) return "v–";
  return version <= PLAIN_VERSION ? `v${version}` : `v${(version & 0xffff).toString(16).padStart(4, "0")}`;
}

/** Where an aircraft is, null where it never said. */
export function spotOf(aircraft: Aircraft): Spot | null {
  const { latitude, longitude, altitude } = aircraft.place;
  return known(latitude) && known(longitude) ? { latitude, longitude, altitude } : null;
}

/** The mission's way of an aircraft. */
export function wayOf(store: Store, aircraft: Aircraft, kind: "mission" | "lost_link"): Trace | null {
  const route = store.route(aircraft.sysid, kind);
  return route && route.items.length ? trace(route.items, { home: aircraft.home }) : null;
}

/** The whole still layer and where its names came to stand. */
export function drawStill(view: StillView): { drawn: SVGTemplateResult; names: Names; placed: ReturnType<Names["place"]> } {
  const names = new Names(view.camera);
  view.taken.forEach((box) => names.block(box));
  const { store } = view;
  const all = store.picture?.aircraft ?? [];
  const chosen = store.aircraft();
  const others = all.filter((one) => one !== chosen);
  const parts: Drawn[] = [
    svg`${fences(view, chosen, names)}`,
    svg`${others.map((one) => otherWays(view, one))}`,
    chosen ? reach(view, chosen, names) : nothing,
    svg`${[...view.trails].map(([sysid, trail]) => drawTrail(view, trail, sysid === chosen?.sysid))}`,
    chosen ? mission(view, chosen, names) : nothing,
    chosen ? lostLink(view, chosen, names) : nothing,
    svg`${chosen ? rally(view, chosen, names) : nothing}`,
    svg`${fieldsOf(store).map((one) => field(view, one, chosen, names))}`,
    svg`${(store.picture?.stations ?? []).map((one) => station(view, one, names))}`,
  ];
  all.forEach((one) => aircraftName(view, one, one === chosen, names));
  const corner = furniture(view, names);
  const placed = names.place();
  return { drawn: svg`${parts}${corner}${names.draw(placed)}`, names, placed };
}

function fieldsOf(store: Store): readonly Aerodrome[] {
  return store.latest("fields")?.fields ?? [];
}

/** The four letters of a field: `Astana (UACC)` and `UACC` are both UACC. */
export function fieldCode(name: string): string {
  return /\(([A-Z0-9]{3,4})\)/.exec(name)?.[1] ?? name;
}

// ---- fences

function fences(view: StillView, chosen: Aircraft | null, names: Names): Drawn[] {
  const route = chosen && view.store.route(chosen.sysid, "fence");
  return route ? areas(route.items).map((area, i) => drawArea(view.camera, area, i, names)) : [];
}

/** A fence: ticks point at the forbidden side, closed areas are hatched besides. */
export function drawArea(camera: Camera, area: Area, index: number, names: Names | null): SVGTemplateResult {
  const points = area.points.map((one) => camera.pixel(one));
  const outward = turning(points) > 0 ? 1 : -1;
  const side = area.keep === "in" ? outward : -outward;
  names?.line([...area.points, area.points[0] as Place]);
  const closed = area.keep === "out" ? svg`<path class="closed" d=${areaOf(area.points, camera)}/>` : nothing;
  if (area.keep === "out" && names) nameArea(points, index, names);
  return svg`${closed}<path class="fence" d=${pathOf(area.points, camera, true)}/><path class="fence" d=${ticks(points, side, camera)}/>`;
}

function nameArea(points: readonly Point[], index: number, names: Names): void {
  const xs = points.map((p) => p.x);
  const bottom = Math.max(...points.map((p) => p.y));
  const top = Math.min(...points.map((p) => p.y));
  const wide = Math.max(...xs) - Math.min(...xs);
  const small = wide < 160;
  if (small) names.block({ x: Math.min(...xs), y: top, width: wide, height: bottom - top });
  const at = { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: small ? (top + bottom) / 2 : bottom };
  const gap = small ? (bottom - top) / 2 + 4 : 5;
  names.add({ key: `closed-${index}`, at, gap, runs: [{ text: t("map.closed_area"), tone: "ink3" }], need: 20, sides: ["s", "n"] });
}

// ---- ways

function drawTrail(view: StillView, trail: readonly Place[], own: boolean): Drawn {
  if (trail.length < 2) return nothing;
  return svg`<path class=${own ? "trail own" : "trail"} d=${pathOf(trail, view.camera)}/>`;
}

function otherWays(view: StillView, aircraft: Aircraft): Drawn {
  const spot = spotOf(aircraft);
  const lost = wayOf(view.store, aircraft, "lost_link");
  const way = wayOf(view.store, aircraft, "mission");
  const legs = way ? ahead(way, aircraft.leg ?? 0, aircraft.landed ? null : spot) : [];
  const home = lost ? ahead(lost, 0, aircraft.landed ? null : spot) : [];
  return svg`<path class="other-way" d=${pathOf(legs, view.camera)}/><path class="other-lost" d=${pathOf(home, view.camera)} marker-end="url(#arrow-pale)"/>`;
}

function mission(view: StillView, aircraft: Aircraft, names: Names): Drawn {
  const way = wayOf(view.store, aircraft, "mission");
  if (!way) return nothing;
  const { camera } = view;
  const leg = aircraft.leg ?? 0;
  const flying = !aircraft.landed && view.store.route(aircraft.sysid, "mission") !== null;
  const points = ahead(way, leg, flying ? spotOf(aircraft) : null);
  const behind = way.legs.filter((one) => one.item < leg || !flying);
  names.line(points);
  way.shapes.forEach((one) => names.line(one.points));
  way.spots.forEach((one) => waypointName(view, one, leg, names));
  return svg`<g class=${view.editing ? "mission back" : "mission"} data-testid="map-mission">
    ${behind.map((one) => svg`<path class="flown" d=${pathOf(one.points, camera)}/>`)}
    ${view.editing ? nothing : gaps(view, aircraft, points, names)}
    ${way.shapes.map((one) => svg`<path class=${one.item < leg ? "flown" : "circle"} d=${pathOf(one.points, camera)}/>`)}
    <path class="ahead" d=${pathOf(points, camera)}/>
    ${way.spots.map((one) => waypoint(camera, one.spot, one.flown))}
  </g>`;
}

function waypoint(camera: Camera, spot: Place, flown: boolean): SVGTemplateResult {
  const at = camera.pixel(spot);
  if (!flown) return svg`<path class="look" d="M${round(at.x - 4)} ${round(at.y)}h8M${round(at.x)} ${round(at.y - 4)}v8"/>`;
  return svg`<circle class="waypoint" cx=${round(at.x)} cy=${round(at.y)} r="3"/>`;
}

function waypointName(view: StillView, one: Trace["spots"][number], leg: number, names: Names): void {
  const at = view.camera.pixel(one.spot);
  names.symbol(at, 4);
  if (view.narrow || view.editing) return;
  const tone = one.item < leg ? "ink3" : "ink2";
  names.add({ key: `item-${one.item}`, at, gap: 7, runs: [{ text: String(one.item), tone }], need: one.item < leg ? 5 : 40 - one.item * 0.01 });
}

/** Parts of the route that a link does not reach: a pale band under the line, with its word. */
function gaps(view: StillView, aircraft: Aircraft, points: readonly Spot[], names: Names): Drawn[] {
  const foreseen = view.store.latest("prediction", aircraft.sysid)?.gaps ?? [];
  return foreseen.map((gap, i) => {
    const part = stretch(points, gap.start, gap.end);
    if (part.length < 2) return nothing;
    nameGap(view, gap, i, part, names);
    return svg`<path class=${gap.bearer === "all" ? "gap none" : "gap"} d=${pathOf(part, view.camera)}/>`;
  });
}

function nameGap(view: StillView, gap: Gap, i: number, part: readonly Spot[], names: Names): void {
  const middle = stretch(part, 0, lengthOf(part) / 2).at(-1);
  if (!middle) return;
  const key = gap.bearer === "all" ? "map.no_link" : gap.bearer === "satellite" ? "map.line_of_sight_only" : "map.satellite_only";
  const tone = gap.bearer === "all" ? "caution" : "ink3";
  names.add({ key: `gap-${i}`, at: view.camera.pixel(middle), gap: 7, runs: [{ text: t(key), tone }], need: 15, sides: ["n", "s"] });
}

// ---- lost link

function lostLink(view: StillView, aircraft: Aircraft, names: Names): Drawn {
  const route = view.store.route(aircraft.sysid, "lost_link");
  const way = wayOf(view.store, aircraft, "lost_link");
  if (!route || !way) return nothing;
  const points = ahead(way, 0, aircraft.landed ? null : spotOf(aircraft));
  const whole = lengthOf(points);
  const middle = stretch(points, 0, whole * 0.62).at(-1);
  names.line(points);
  if (middle) {
    const runs = lostLinkWords(view, aircraft, route, points);
    const narrow = [{ text: t("map.lost_link_short", { version: versionName(route.version) }), tone: "ink" }];
    const at = view.camera.pixel(middle);
    names.add({ key: "lost-link", at, gap: 9, runs: view.narrow ? narrow : runs, need: 80, must: true, sides: ["e", "w"] });
  }
  return svg`<g data-testid="map-lost-link">
    ${way.shapes.map((one) => svg`<path class="lost circle-lost" d=${pathOf(one.points, view.camera)}/>`)}
    <path class="lost" d=${pathOf(points, view.camera)} marker-end="url(#arrow)"/>
  </g>`;
}

/** When the lost-link route would be over if the link were lost now [s from now]: of the newest profile, which follows the aircraft. */
export function lostLinkLands(store: Store, route: Route): number | null {
  return store.latest("profile", route.sysid)?.lost_link.at(-1)?.s ?? route.lands_s;
}

function lostLinkWords(view: StillView, aircraft: Aircraft, route: Route, points: readonly Spot[]): Run[] {
  const aboard = aircraft.versions.lost_link;
  if (known(aboard) && known(route.version) && aboard !== route.version) {
    return [{ text: t("map.lost_link_differs", { aircraft: versionName(aboard), shown: versionName(route.version) }), tone: "caution", bold: true }];
  }
  const version = versionName(route.version);
  const highest = Math.max(...points.slice(1).map((one) => one.altitude ?? -Infinity));
  const sim_s = view.store.picture?.sim_s;
  const lands_s = lostLinkLands(view.store, route);
  if (!known(lands_s) || !Number.isFinite(highest)) return [{ text: t("map.lost_link_plain", { version }), tone: "ink" }];
  const time = known(sim_s) && known(view.start_unix_s) ? clock(view.start_unix_s + sim_s + lands_s) : `+${duration(lands_s)}`;
  const height = withUnit(highest, "height", settings().units);
  const field = route.lands_at ? fieldCode(route.lands_at) : fieldAt(view.store, points.at(-1));
  const text = field ? t("map.lost_link", { version, height, field, time }) : t("map.lost_link_time", { version, height, time });
  return [{ text, tone: "ink" }];
}

/** The field that a way ends at. */
function fieldAt(store: Store, end: Place | undefined): string | null {
  const near = end && fieldsOf(store).find((one) => distance(one, end) < FIELD_REACH);
  return near ? fieldCode(near.name) : null;
}

// ---- reach, rally, fields, stations

function reach(view: StillView, aircraft: Aircraft, names: Names): Drawn {
  const spot = spotOf(aircraft);
  const radii = aircraft.reach;
  if (!spot || !radii || radii.length < 3 || aircraft.landed || Math.max(...radii) <= 0) return nothing;
  const ring = radii.map((radius, i) => beyond(spot, (2 * Math.PI * i) / radii.length, Math.max(0, radius)));
  const at = view.camera.pixel(ring[Math.round(ring.length * 0.36)] as Place);
  const closed = [...ring, ring[0] as Place];
  names.line(closed);
  if (!view.narrow) names.add({ key: "reach", at, gap: 6, runs: [{ text: t("map.glides"), tone: "radio" }], need: 30, sides: ["se", "e", "s"] });
  return svg`<path class="reach" data-testid="map-reach" d=${pathOf(closed, view.camera)}/>`;
}

function rally(view: StillView, aircraft: Aircraft, names: Names): Drawn[] {
  const items: Item[] = view.store.route(aircraft.sysid, "rally")?.items.filter((one) => one.command === RALLY_POINT) ?? [];
  return items.map((item, i) => {
    const place = placeOf(item);
    if (!place) return nothing;
    const at = view.camera.pixel(place);
    names.symbol(at, 5);
    names.add({ key: `rally-${i}`, at, runs: [{ text: t("map.rally"), tone: "ink3" }], need: 10 });
    return svg`<path class="rally" d="M${round(at.x)} ${round(at.y - 5)}l5 5l-5 5l-5 -5Z"/>`;
  });
}

function field(view: StillView, one: Aerodrome, chosen: Aircraft | null, names: Names): Drawn {
  const at = view.camera.pixel(one);
  names.symbol(at, 6);
  const code = fieldCode(one.name);
  const flight_s = chosen?.fuel.fields.find((other) => fieldCode(other.name) === code)?.flight_s;
  const note = one.closed ? t("map.closed") : one.home ? t("map.home") : known(flight_s) ? t("map.away", { time: duration(flight_s) }) : "";
  const runs: Run[] = [{ text: code, bold: true }, ...(note && !view.narrow ? [{ text: note }] : [])];
  names.add({ key: `field-${one.name}`, at, gap: 8, runs, need: one.home ? 75 : 70, must: one.home, sides: ["e", "w"] });
  const [x, y] = [round(at.x), round(at.y)];
  return svg`${one.runways.map((way) => runway(view.camera, way))}<path class="field" d="M${x - 5} ${y}h10M${x} ${y - 5}v10"/><circle class="field" cx=${x} cy=${y} r="3.4"/>`;
}

function runway(camera: Camera, way: Aerodrome["runways"][number]): Drawn {
  if (way.length / camera.metresPerPixelAt(way.latitude) < 14) return nothing;
  return svg`<path class="runway" d=${pathOf([way, beyond(way, way.course, way.length)], camera)}/>`;
}

function station(view: StillView, site: NonNullable<Store["picture"]>["stations"][number], names: Names): Drawn {
  if (!known(site.latitude) || !known(site.longitude)) return nothing;
  const at = view.camera.pixel({ latitude: site.latitude, longitude: site.longitude });
  const own = site.sysid === view.store.seat;
  names.symbol(at, 5);
  const words: Run[] = [{ text: site.id, bold: own, tone: own ? "ink" : "ink2" }];
  if (own && !view.narrow) words.push({ text: t("map.you"), bold: true, tone: "ink" });
  if (site.alive === false) words.push({ text: t("map.gone"), tone: "caution" });
  names.add({ key: `station-${site.id}`, at, gap: 8, runs: words, need: own ? 74 : 60, must: own, sides: ["w", "e"] });
  const tone = own ? "station own" : site.alive === false ? "station gone" : "station";
  return svg`<rect class=${tone} x=${round(at.x - 4)} y=${round(at.y - 4)} width="8" height="8"/>`;
}

// ---- aircraft

/** The words at an aircraft: number and holder, for the chosen one its height, speed and course; its age when it is old. */
export function aircraftRuns(store: Store, aircraft: Aircraft, own: boolean, narrow: boolean): Run[] {
  const age = store.ageOf(aircraft.age.position);
  const dead = known(age) && age > DEAD_S;
  const strong = own ? "ink" : "ink2";
  const tone = dead ? `${strong} struck` : strong;
  const holder = aircraft.mine ? t("map.you") : aircraft.holder.loi4 ? callsign(aircraft.holder.loi4) : "–";
  const words: Run[] = [{ text: callsign(aircraft.sysid), bold: true, tone }, { text: holder, tone: strong }];
  if (own && !narrow && !dead) words.push({ text: vitals(aircraft), tone: "ink2" });
  if (known(age) && age > OLD_S) words.push({ text: t("map.old", { age: `${age < 10 ? age.toFixed(0) : duration(age)}${age < 10 ? " s" : ""}` }), tone: "caution", bold: true });
  return words;
}

function vitals(aircraft: Aircraft): string {
  const { units } = settings();
  const height = `${amount(aircraft.place.altitude, "height", units)} ${symbol("height", units)}`;
  const speed = `${amount(aircraft.v.calibrated ?? aircraft.v.ground, "speed", units)} ${symbol("speed", units)}`;
  return `${height}, ${speed}, ${heading(aircraft.v.course ?? aircraft.attitude.psi)}`;
}

function aircraftName(view: StillView, aircraft: Aircraft, own: boolean, names: Names): void {
  const spot = spotOf(aircraft);
  if (!spot) return;
  const at = view.camera.pixel(spot);
  const seen = at.x > -20 && at.y > -20 && at.x < view.camera.width + 20 && at.y < view.camera.height + 20;
  if (!seen) return;
  names.symbol(at, 13);
  const runs = aircraftRuns(view.store, aircraft, own, view.narrow);
  names.add({
    key: `aircraft-${aircraft.sysid}`, at, gap: 15, size: own ? 13 : 11.5, runs, need: own ? 100 : 90, must: true,
    sides: own ? ["ne", "n", "e", "nw"] : ["w", "e", "nw", "n"], held: true,
  });
}

// ---- scale, north

const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** The scale bar: a round number of nautical miles or kilometres between 70 and 180 px. */
export function scaleBar(camera: Camera, units: "aviation" | "metric"): { px: number; label: string } {
  const unit = units === "aviation" ? 1852 : 1000;
  const px = (amountOf: number) => (amountOf * unit) / camera.metresPerPixel;
  const fit = [0.1, 0.2, 0.5, ...NICE].filter((one) => px(one) <= 180).at(-1) ?? 0.1;
  return { px: px(fit), label: `${String(fit).replace(/(\d)(?=(\d{3})+$)/g, "$1 ")} ${symbol("distance", units)}` };
}

function furniture(view: StillView, names: Names): Drawn {
  if (view.narrow) return nothing;
  const { width, height } = view.camera;
  const bar = scaleBar(view.camera, settings().units);
  const credit = view.store.latest("ground") ? t("map.credit_relief") : t("map.credit");
  names.block({ x: 0, y: height - 44, width: 30 + bar.px, height: 44 });
  names.block({ x: width - 52, y: 8, width: 44, height: 62 });
  names.block({ x: width - 260, y: height - 30, width: 260, height: 30 });
  const [x, y] = [16, height - 18];
  return svg`<path class="scale" d="M${x} ${y}h${round(bar.px)}M${x} ${y - 4}v8M${round(x + bar.px)} ${y - 4}v8"/>
    <text class="name" x=${round(x + bar.px / 2)} y=${y - 6} font-size="11" text-anchor="middle"><tspan class="ink2">${bar.label}</tspan></text>
    <g transform="translate(${width - 32} 34)"><path class="north" d="M0 -16L4 0H-4Z"/><path class="scale" d="M0 0V14"/></g>
    <text class="name" x=${width - 32} y="62" font-size="11" text-anchor="middle"><tspan class="ink2">${t("map.north")}</tspan></text>
    <text class="name" x=${width - 14} y=${height - 13} font-size="10.5" text-anchor="end"><tspan class="ink3">${credit}</tspan></text>`;
}

/** How far apart two places are and on what course, as the measuring line says it. */
export function spanWords(from: Place, to: Place, course: number): string {
  const { units } = settings();
  return `${withUnit(distance(from, to), "distance", units)}, ${heading(course)}`;
}
