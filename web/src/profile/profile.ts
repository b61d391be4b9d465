/** The way ahead from the side: terrain, the route's heights, the lost-link route, ceiling and freezing level. */
import { html, nothing, render, svg, type SVGTemplateResult } from "lit";
import { t } from "../i18n";
import { onLanguage } from "../i18n";
import { onSettings, settings } from "../settings";
import { store } from "../store";
import { amount, figure, known, symbol, withUnit } from "../units";
import type { Aircraft, Profile, ProfilePoint } from "../wire";
import { pathOfPoints, round } from "../map/line";
import { Names, type Run } from "../map/names";
import type { Point } from "../map/projection";
import { wayOf } from "../map/still";
import { altitudeAt, heightTicks, timeStep, topOf, wayStep, xOf, yOf, type Frame } from "./scales";
import "./profile.css";

/** A height that can be dragged: the mission editor brings them. */
export interface Handle {
  readonly item: number;
  readonly name: string;
  /** Metres along the way. */
  readonly distance: number;
  readonly altitude: number;
  readonly chosen: boolean;
}

/** A plan under work, shown instead of the flight. */
export interface ProfileGuest {
  readonly points: readonly { distance: number; altitude: number | null; ground: number | null }[];
  readonly handles: readonly Handle[];
  /** Words beside the way: the slope of a landing. */
  readonly notes: readonly { readonly distance: number; readonly altitude: number; readonly words: string }[];
  choose(item: number): void;
  /** Called while dragging, then once more with `done`. */
  drag(item: number, altitude: number, done: boolean): void;
}

const MARGIN = { left: 46, right: 14, top: 20, bottom: 18 };
/** The profile looks so far ahead [s] at most, at least so far, and a tenth of it back. */
const MOST_S = 2 * 3600;
const LEAST_S = 600;
const BACK = 0.1;
/** A line of clearance above the ground [m]: 1000 ft. */
const CLEARANCE = 304.8;
const SOON_S = 60;
const DEAD_S = 5;

interface Past {
  readonly sim_s: number;
  readonly altitude: number;
}

export class ProfileElement extends HTMLElement {
  guest: ProfileGuest | null = null;
  private frame: Frame | null = null;
  private readonly past = new Map<number, Past[]>();
  private dragged: number | null = null;
  private leave: (() => void)[] = [];

  connectedCallback(): void {
    render(html`<svg class="profile" role="img" aria-label=${t("profile.title")} data-testid="profile"></svg>`, this);
    this.leave = [store.subscribe(() => this.draw(), 1), onLanguage(() => this.draw()), onSettings(() => this.draw())];
    new ResizeObserver(() => this.draw()).observe(this);
    const surface = this.querySelector("svg") as SVGSVGElement;
    surface.addEventListener("pointerdown", (event) => this.press(event));
    surface.addEventListener("pointermove", (event) => this.drag(event, false));
    surface.addEventListener("pointerup", (event) => this.drag(event, true));
  }

  disconnectedCallback(): void {
    this.leave.forEach((end) => end());
  }

  /** Draw it now. */
  draw(): void {
    const { width, height } = this.getBoundingClientRect();
    const aircraft = store.aircraft();
    if (aircraft) this.note(aircraft);
    const surface = this.querySelector<SVGSVGElement>("svg.profile");
    if (!surface || width < 50) return;
    render(this.guest ? this.drawPlan(width, height, this.guest) : this.drawFlight(width, height, aircraft), surface);
  }

  /** Remember heights flown, for the line behind. */
  private note(aircraft: Aircraft): void {
    const sim_s = store.picture?.sim_s;
    const { altitude } = aircraft.place;
    if (!known(sim_s) || !known(altitude)) return;
    const past = (this.past.get(aircraft.sysid) ?? []).filter((one) => one.sim_s < sim_s && one.sim_s > sim_s - MOST_S * BACK * 1.5);
    this.past.set(aircraft.sysid, [...past, { sim_s, altitude }]);
  }

  // ---- the flight

  private drawFlight(width: number, height: number, aircraft: Aircraft | null): SVGTemplateResult {
    const profile = aircraft && store.latest("profile", aircraft.sysid);
    const points = profile?.points ?? [];
    const lost = profile?.lost_link ?? [];
    const end_s = Math.min(MOST_S, Math.max(LEAST_S, points.at(-1)?.s ?? 0, lost.at(-1)?.s ?? 0));
    const drawn = [...points, ...lost].filter((one) => one.s <= end_s);
    const past = this.pastOf(aircraft);
    const most = topOf([...drawn.flatMap((one) => [one.altitude, one.ground]), aircraft?.place.altitude, profile?.ceiling, ...past.map((one) => one.altitude)]);
    const frame: Frame = { width, height, ...MARGIN, from: -end_s * BACK, to: end_s, most };
    this.frame = frame;
    const names = new Names(frame);
    const parts = [
      axes(frame, names), timeAxis(frame),
      terrain(frame, points.map((one) => ({ along: one.s, ground: one.ground }))),
      profile ? levels(frame, profile, names) : nothing,
      svg`${points.length ? way(frame, points, names) : nothing}`,
      svg`${lost.length && aircraft ? lostLink(frame, lost, highestOf(aircraft), names) : nothing}`,
      svg`${profile ? marks(frame, profile, names) : nothing}`,
      now(frame, aircraft, past, names),
    ];
    const word = points.length ? nothing : svg`<text class="name" x=${width / 2} y=${height / 2} text-anchor="middle" font-size="12"><tspan class="ink3">${t("profile.none")}</tspan></text>`;
    return svg`${parts}${word}${names.draw(names.place())}`;
  }

  private pastOf(aircraft: Aircraft | null): { s: number; altitude: number }[] {
    const sim_s = store.picture?.sim_s;
    if (!aircraft || !known(sim_s)) return [];
    const strip = store.latest("strip", aircraft.sysid);
    const older: { s: number; altitude: number }[] = [];
    for (let i = 0; strip && i < strip.now; i++) {
      const [s, altitude] = [strip.s[i], strip.altitude[i]];
      if (known(s) && known(altitude)) older.push({ s: s - sim_s, altitude });
    }
    const newer = (this.past.get(aircraft.sysid) ?? []).map((one) => ({ s: one.sim_s - sim_s, altitude: one.altitude }));
    const from = newer[0]?.s ?? 0;
    return [...older.filter((one) => one.s < from), ...newer];
  }

  // ---- a plan under work

  private drawPlan(width: number, height: number, guest: ProfileGuest): SVGTemplateResult {
    const end = Math.max(1000, guest.points.at(-1)?.distance ?? 0);
    const most = this.dragged !== null && this.frame ? this.frame.most : topOf(guest.points.flatMap((one) => [one.altitude, one.ground]));
    const frame: Frame = { width, height, ...MARGIN, from: 0, to: end, most };
    this.frame = frame;
    const names = new Names(frame);
    const line = guest.points.filter((one) => known(one.altitude)).map((one) => ({ x: xOf(frame, one.distance), y: yOf(frame, one.altitude ?? 0) }));
    names.points(line);
    guest.notes.forEach((one, i) => {
      const at = { x: xOf(frame, one.distance), y: yOf(frame, one.altitude) };
      names.add({ key: `note-${i}`, at, gap: 6, runs: [{ text: one.words, tone: "guidance" }], need: 60, sides: ["e", "ne", "w", "sw"] });
    });
    const parts = [
      axes(frame, names), wayAxis(frame),
      terrain(frame, guest.points.map((one) => ({ along: one.distance, ground: one.ground }))),
      svg`<path class="ahead" d=${pathOfPoints(line, frame)}/>`,
      svg`${guest.handles.map((one) => this.handle(frame, one, names))}`,
    ];
    return svg`${parts}${names.draw(names.place())}`;
  }

  private handle(frame: Frame, one: Handle, names: Names): SVGTemplateResult {
    const at = { x: xOf(frame, one.distance), y: yOf(frame, one.altitude) };
    names.symbol(at, 6);
    const words: Run[] = [{ text: one.name, bold: one.chosen, tone: one.chosen ? "ink" : "ink2" }];
    if (one.chosen) words.push({ text: withUnit(one.altitude, "height", settings().units), tone: "ink", bold: true });
    names.add({ key: `handle-${one.item}`, at, gap: 9, runs: words, need: one.chosen ? 100 : 10, must: one.chosen, sides: ["n", "s"] });
    return svg`<circle class="grip" data-item=${one.item} data-testid="profile-handle-${one.item}" cx=${round(at.x)} cy=${round(at.y)} r="14"/>
      <circle class=${one.chosen ? "handle chosen" : "handle"} cx=${round(at.x)} cy=${round(at.y)} r=${one.chosen ? 5.5 : 4}/>`;
  }

  private press(event: PointerEvent): void {
    const item = (event.target as Element).closest<SVGElement>("[data-item]")?.dataset["item"];
    if (!this.guest || item === undefined) return;
    this.dragged = Number(item);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.guest.choose(this.dragged);
  }

  private drag(event: PointerEvent, done: boolean): void {
    if (this.dragged === null || !this.frame || !this.guest) return;
    const y = event.clientY - this.getBoundingClientRect().top;
    const item = this.dragged;
    if (done) this.dragged = null;
    this.guest.drag(item, rounded(Math.max(0, altitudeAt(this.frame, y))), done);
  }
}

/** Heights by hand come in whole hundreds of feet, or tens of metres. */
function rounded(altitude: number): number {
  const step = settings().units === "aviation" ? 100 * 0.3048 : 10;
  return Math.round(altitude / step) * step;
}

function axes(frame: Frame, names: Names): SVGTemplateResult {
  const { units } = settings();
  const ticks = heightTicks(frame.most, units);
  const thousands = units === "aviation";
  names.block({ x: 0, y: 0, width: frame.left - 2, height: frame.height });
  names.block({ x: 0, y: frame.height - frame.bottom + 2, width: frame.width, height: frame.bottom });
  const shown = (value: number) => (thousands ? figure(value / 1000, value % 1000 ? 1 : 0) : figure(value));
  return svg`${ticks.map(({ shown: value, altitude }) => {
    const y = round(yOf(frame, altitude));
    return svg`<path class="grid" d="M${frame.left} ${y}H${frame.width - frame.right}"/><text class="axis" x=${frame.left - 6} y=${y + 4} text-anchor="end" font-size="11">${shown(value)}</text>`;
  })}<text class="axis" x=${frame.left - 6} y="13" text-anchor="end" font-size="11">${thousands ? `k${symbol("height", units)}` : symbol("height", units)}</text>`;
}

function timeAxis(frame: Frame): SVGTemplateResult {
  const step = timeStep(frame.to - frame.from, frame.width - frame.left - frame.right);
  const marks = Array.from({ length: Math.floor(frame.to / step) + 1 }, (_, i) => i * step);
  const words = (s: number) => (s === 0 ? t("profile.now") : step >= 3600 ? t("profile.hours", { n: s / 3600 }) : t("profile.minutes", { n: s / 60 }));
  return svg`${marks.filter((s) => xOf(frame, s) < frame.width - 26).map((s) => svg`<text class="axis" x=${round(xOf(frame, s))} y=${frame.height - 5} text-anchor="middle" font-size="11">${words(s)}</text>`)}`;
}

function wayAxis(frame: Frame): SVGTemplateResult {
  const { units } = settings();
  const step = wayStep(frame.to, frame.width - frame.left - frame.right, units);
  const marks = Array.from({ length: Math.floor(frame.to / step) + 1 }, (_, i) => i * step).filter((one) => xOf(frame, one) < frame.width - 26);
  return svg`${marks.map((metres, i) => svg`<text class="axis" x=${round(xOf(frame, metres))} y=${frame.height - 5} text-anchor="middle" font-size="11">${i ? amount(metres, "distance", units) : symbol("distance", units)}</text>`)}`;
}

function terrain(frame: Frame, points: readonly { along: number; ground: number | null }[]): SVGTemplateResult | typeof nothing {
  const seen = points.filter((one) => known(one.ground) && one.along <= frame.to);
  if (seen.length < 2) return nothing;
  const line = seen.map((one) => `${round(xOf(frame, one.along))} ${round(yOf(frame, Math.max(0, one.ground ?? 0)))}`);
  const above = seen.map((one) => `${round(xOf(frame, one.along))} ${round(yOf(frame, Math.max(0, one.ground ?? 0) + CLEARANCE))}`);
  const [first, last] = [seen[0], seen.at(-1)];
  const base = round(yOf(frame, 0));
  return svg`<path class="terrain" d="M${round(xOf(frame, first?.along ?? 0))} ${base}L${line.join("L")}L${round(xOf(frame, last?.along ?? 0))} ${base}Z"/><path class="clearance" d="M${above.join("L")}"/>`;
}

function levels(frame: Frame, profile: Profile, names: Names): SVGTemplateResult {
  const right = frame.width - frame.right;
  const line = (altitude: number | null, kind: string, words: string, tone: string) => {
    if (!known(altitude) || altitude > frame.most || altitude <= 0) return nothing;
    const y = round(yOf(frame, altitude));
    names.points([{ x: frame.left, y }, { x: right, y }]);
    names.add({ key: kind, at: { x: right - 2, y }, gap: 3, runs: [{ text: words, tone }], need: 30, sides: ["nw", "sw"] });
    return svg`<path class=${kind} d="M${frame.left} ${y}H${right}"/>`;
  };
  return svg`${line(profile.freezing, "freezing", "0 °C", "water")}${line(profile.ceiling, "ceiling", t("profile.ceiling"), "ink3")}`;
}

function pointsOf(frame: Frame, points: readonly ProfilePoint[], until_s = frame.to): Point[] {
  const out: Point[] = [];
  for (const [i, one] of points.entries()) {
    if (!known(one.altitude)) continue;
    const before = points[i - 1];
    if (one.s > until_s) {
      if (before && known(before.altitude) && one.s > before.s) {
        const part = (until_s - before.s) / (one.s - before.s);
        out.push({ x: xOf(frame, until_s), y: yOf(frame, before.altitude + (one.altitude - before.altitude) * part) });
      }
      break;
    }
    out.push({ x: xOf(frame, one.s), y: yOf(frame, one.altitude) });
  }
  return out;
}

function way(frame: Frame, points: readonly ProfilePoint[], names: Names): SVGTemplateResult {
  const line = pointsOf(frame, points);
  names.points(line);
  return svg`<path class="ahead" d=${pathOfPoints(line, frame)}/><path class="soon" d=${pathOfPoints(pointsOf(frame, points, SOON_S), frame)}/>`;
}

/** Height that the lost-link route climbs or sinks to [m]. */
function highestOf(aircraft: Aircraft): number {
  const spots = wayOf(store, aircraft, "lost_link")?.spots ?? [];
  return Math.max(...spots.map((one) => one.spot.altitude ?? -Infinity));
}

function lostLink(frame: Frame, lost: readonly ProfilePoint[], highest: number, names: Names): SVGTemplateResult {
  const line = pointsOf(frame, lost);
  names.points(line);
  const at = line[Math.floor(line.length * 0.6)];
  if (at && Number.isFinite(highest)) {
    const words = t("profile.lost_link", { height: withUnit(highest, "height", settings().units) });
    names.add({ key: "lost-link", at, gap: 5, runs: [{ text: words, tone: "ink2" }], need: 60, sides: ["n", "ne", "sw", "s", "e"] });
  }
  return svg`<path class="lost" d=${pathOfPoints(line, frame)}/>`;
}

function marks(frame: Frame, profile: Profile, names: Names): SVGTemplateResult[] {
  return profile.marks.flatMap(([metres, item]) => {
    const after = profile.points.findIndex((one) => one.distance >= metres - 1);
    const point = profile.points[after];
    if (!point || point.s > frame.to || !known(point.altitude)) return [];
    const at = { x: xOf(frame, point.s), y: yOf(frame, point.altitude) };
    names.add({ key: `mark-${item}-${after}`, at, gap: 6, runs: [{ text: String(item), tone: "ink2" }], need: 40 - after * 0.001, sides: ["n", "s"] });
    return [svg`<path class="mark" d="M${round(at.x)} ${round(at.y - 4)}v8"/>`];
  });
}

function now(frame: Frame, aircraft: Aircraft | null, past: readonly { s: number; altitude: number }[], names: Names): SVGTemplateResult {
  const x = round(xOf(frame, 0));
  const line = svg`<path class="now" d="M${x} ${frame.top - 8}V${frame.height - frame.bottom}"/>`;
  names.block({ x: x - 1, y: frame.top - 8, width: 2, height: frame.height - frame.bottom - frame.top + 8 });
  const altitude = aircraft?.place.altitude;
  if (!aircraft || !known(altitude)) return line;
  const age = store.ageOf(aircraft.age.position);
  const dead = !known(age) || age > DEAD_S;
  const y = round(yOf(frame, altitude));
  const behind = past.filter((one) => one.s >= frame.from && one.s <= 0).map((one) => ({ x: xOf(frame, one.s), y: yOf(frame, one.altitude) }));
  names.block({ x: x - 10, y: y - 8, width: 22, height: 16 });
  return svg`<path class="past" d=${pathOfPoints([...behind, { x, y }], frame)}/>${line}<path class=${dead ? "nose dead" : "nose"} data-testid="profile-aircraft" d="M${x - 6} ${y + 5}L${x + 8} ${y}L${x - 6} ${y - 5}Z"/>`;
}

customElements.define("sr-profile", ProfileElement);

/** The page's profile. */
export function theProfile(): ProfileElement | null {
  return document.querySelector<ProfileElement>("sr-profile");
}
