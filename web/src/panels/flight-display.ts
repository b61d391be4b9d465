/** Primary flight display: attitude, tapes, heading, flight path; limits are grey hatch and light only as they are approached. */
import { html, svg, nothing, type TemplateResult } from "lit";
import { t } from "../i18n";
import { settings } from "../settings";
import { UNKNOWN, ageFigure, amount, celsius, degrees3, figure, fromSi, heading, kilograms, known, percent, symbol, type Maybe } from "../units";
import type { Aircraft } from "../wire";
import { freshness, oldest } from "./age";
import { DEGREES, headingTicks, nearLower, pathVector, tapeTicks, tapeY, turn, type Nearness, type Tape } from "./geometry";
import { Panel, define } from "./panel";

const W = 396;
const H = 320;
const CX = 190;
const CY = 140;
const TOP = 32;
const BOTTOM = 252;
const PITCH = 7.2; // px per degree
const SPEED = { left: 8, width: 62 };
const HEIGHT = { left: 310, width: 80 };

/** Above stall: amber from 15 %, red from 10 %, the autopilot's own floor. */
const STALL_LIMIT = 10;
const STALL_BAND = 5;
/** Height over ground that lights the ground hatch [m]: 500 ft past, 1 000 ft near; at rest near a runway on purpose. */
const GROUND_LIMIT = 152.4;
const GROUND_BAND = 152.4;

/** Is a figure clear of the read-out and of the ends of its tape? */
const inside = (y: number, readout: number) => Math.abs(y - CY) > readout && y > TOP + 6 && y < BOTTOM - 6;

const shortest = (v: number) => v.toFixed(1);

/** The speed tape's scale; metric figures are nearly twice as many, so the tape is drawn closer. */
export function speedTape(calibrated: number): Tape & { step: number } {
  const metric = settings().units === "metric";
  return { shown: fromSi(calibrated, "speed", settings().units), centre: CY, perUnit: metric ? 2.2 : 4.2, step: metric ? 10 : 5 };
}

/** The height tape's scale. */
export function heightTape(altitude: number): Tape & { step: number } {
  const metric = settings().units === "metric";
  return { shown: fromSi(altitude, "height", settings().units), centre: CY, perUnit: metric ? 0.38 : 0.115, step: metric ? 20 : 100 };
}

/** How near the stall is, from the margin as a fraction of stall speed; on the ground it says nothing. */
export function stallNearness(aircraft: Aircraft): Nearness {
  const above = aircraft.ice.stall_margin;
  if (!known(above) || aircraft.landed || aircraft.phase === "ground") return "rest";
  return nearLower(above * 100, STALL_LIMIT, STALL_BAND);
}

/** How near the ground is; a landing aircraft is meant to be there. */
export function groundNearness(aircraft: Aircraft): Nearness {
  const agl = aircraft.place.agl;
  if (!known(agl) || aircraft.landed || aircraft.phase !== "air") return "rest";
  return nearLower(agl, GROUND_LIMIT, GROUND_BAND);
}

export class FlightDisplay extends Panel {
  protected override readonly rate = 10;

  override render() {
    const a = this.aircraft;
    if (!a) return nothing;
    const age = this.ageOf(oldest(a.age.attitude, a.age.position));
    return html`<section class="p flight" data-fresh=${freshness(age)} data-testid="flight-display" aria-label=${t("flight.title")}>
      <svg viewBox="0 0 ${W} ${H}" width="100%" role="img" aria-label=${this.sentence(a)}>
        ${definitions} ${attitude(a)} ${speed(a)} ${height(a)} ${compass(a)} ${readouts(a)} ${this.tellAge(age)} ${this.pulse(388, 284)}
      </svg>
    </section>`;
  }

  /** The age stands in the picture itself once it matters. */
  private tellAge(age: number | null) {
    const state = freshness(age);
    return state === "old" || state === "dead" ? svg`<text x=${CX} y=${BOTTOM - 8} class="mid tellage">${t("age.old", { age: ageFigure(age) })}</text>` : nothing;
  }

  private sentence(a: Aircraft): string {
    const units = settings().units;
    return t("flight.sentence", {
      speed: amount(a.v.calibrated, "speed", units),
      height: amount(a.place.altitude, "height", units),
      heading: heading(a.attitude.psi),
    });
  }
}

const hatch = (id: string, colour: string) =>
  svg`<pattern id=${id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.6" height="5" fill=${colour}></rect></pattern>`;

const definitions = svg`<defs>
  <clipPath id="fd-attitude"><rect x="76" y="12" width="228" height=${BOTTOM - 12}></rect></clipPath>
  <clipPath id="fd-speed"><rect x=${SPEED.left} y=${TOP} width=${SPEED.width} height=${BOTTOM - TOP}></rect></clipPath>
  <clipPath id="fd-height"><rect x=${HEIGHT.left} y=${TOP} width=${HEIGHT.width} height=${BOTTOM - TOP}></rect></clipPath>
  ${hatch("fd-rest", "var(--ink3)")}${hatch("fd-near", "var(--caution)")}${hatch("fd-past", "var(--warning)")}
</defs>`;

const LADDER = [-30, -25, -20, -15, -10, -5, 5, 10, 15, 20, 25, 30];
const BANKS = [-60, -45, -30, -20, -10, 0, 10, 20, 30, 45, 60];

const ladder = LADDER.map((p) => {
  const half = p % 10 ? 18 : 36;
  const y = CY - p * PITCH;
  return svg`<path d="M${CX - half} ${y}H${CX + half}" stroke="var(--ink2)"></path>${
    p % 10 ? nothing : svg`<text x=${CX + half + 6} y=${y + 4} class="small">${Math.abs(p)}</text>`}`;
});

const bankArc = BANKS.map((bank) => {
  const r = CY - TOP + 4;
  const long = r + (bank % 30 ? 5 : 9);
  const at = (radius: number) => `${shortest(CX + radius * Math.sin(bank / DEGREES))} ${shortest(CY - radius * Math.cos(bank / DEGREES))}`;
  return svg`<path d="M${at(r)}L${at(long)}" stroke="var(--ink2)" stroke-width="1.2"></path>`;
});

function attitude(a: Aircraft) {
  const { phi, theta } = a.attitude;
  if (!known(phi) || !known(theta)) return unknownBox(76, 12, 228, BOTTOM - 12);
  const bank = phi * DEGREES;
  return svg`<g class="attitude" clip-path="url(#fd-attitude)">
    <g transform="rotate(${shortest(-bank)} ${CX} ${CY}) translate(0 ${shortest(theta * DEGREES * PITCH)})">
      <rect x="-300" y="-600" width="1000" height=${600 + CY} fill="var(--sky)"></rect>
      <rect x="-300" y=${CY} width="1000" height="800" fill="var(--earth)"></rect>
      <path d="M-300 ${CY}H700" stroke="var(--ink)" stroke-width="1.4"></path>${ladder}
    </g>
    ${bankArc}
    <path d="M${CX} ${TOP + 2}l-5 9h10z" transform="rotate(${shortest(-bank)} ${CX} ${CY})" fill="var(--ink)"></path>
    ${vector(a)}
    <path d="M${CX - 62} ${CY}h38v7M${CX + 62} ${CY}h-38v7" fill="none" stroke="var(--ink)" stroke-width="3"></path>
    <rect x=${CX - 2.5} y=${CY - 2.5} width="5" height="5" fill="var(--ink)"></rect>
  </g>`;
}

function vector(a: Aircraft) {
  const { ground, course, climb } = a.v;
  const { theta, psi } = a.attitude;
  if (![ground, course, climb, theta, psi].every(known)) return nothing;
  const at = pathVector({ theta: theta!, psi: psi!, ground: ground!, course: course!, climb: climb! }, PITCH);
  if (!at) return nothing;
  return svg`<g data-testid="path-vector" transform="translate(${shortest(CX + at.x)} ${shortest(CY + at.y)})" fill="none" stroke="var(--ink)" stroke-width="1.8">
    <circle r="7"></circle><path d="M-7 0h-12M7 0h12M0 -7v-7"></path></g>`;
}

function unknownBox(x: number, y: number, width: number, tall: number) {
  return svg`<rect x=${x} y=${y} width=${width} height=${tall} fill="var(--ground2)"></rect>
    <text x=${x + width / 2} y=${y + tall / 2} class="mid value">${UNKNOWN}</text>`;
}

function speed(a: Aircraft) {
  const { left, width } = SPEED;
  const units = settings().units;
  const v = a.v.calibrated;
  const label = svg`<text x=${left + width / 2} y=${BOTTOM + 15} class="mid small">${t("flight.calibrated", { unit: symbol("speed", units) })}</text>
    <text x=${left + width - 4} y="24" class="end set">${t("flight.set", { value: amount(a.target.airspeed, "speed", units) })}</text>`;
  if (!known(v)) return svg`${unknownBox(left, TOP, width, BOTTOM - TOP)}${label}`;
  const tape = speedTape(v);
  const ticks = tapeTicks(tape, TOP, BOTTOM, tape.step, 2, 0);
  return svg`<g clip-path="url(#fd-speed)"><rect x=${left} y=${TOP} width=${width} height=${BOTTOM - TOP} fill="var(--ground2)"></rect>
    ${ticks.map((k) => svg`<path d="M${left + width} ${shortest(k.at)}h${k.major ? -10 : -5}" stroke="var(--ink3)"></path>${
      k.major && inside(k.at, 20) ? svg`<text x=${left + width - 16} y=${shortest(k.at + 4)} class="end">${figure(k.value)}</text>` : nothing}`)}
    ${stallHatch(a, v, tape)}${bug(a.target.airspeed, "speed", tape, left + width, -1)}</g>
    <path d="M${left - 4} ${CY - 14}h50l8 14l-8 14h-50z" class="box"></path>
    <text x=${left + 41} y=${CY + 6} class="end value" data-testid="speed-value">${amount(v, "speed", units)}</text>${label}`;
}

function stallHatch(a: Aircraft, calibrated: number, tape: Tape) {
  const stall = a.ice.stall_speed ?? (known(a.ice.stall_margin) ? calibrated / (1 + a.ice.stall_margin) : null);
  if (!known(stall) || stall <= 0 || a.landed) return nothing;
  const top = Math.max(TOP, tapeY(fromSi(stall, "speed", settings().units) * (1 + STALL_LIMIT / 100), tape));
  if (top >= BOTTOM) return nothing;
  const near = stallNearness(a);
  return svg`<rect data-testid="stall-limit" data-near=${near} x=${SPEED.left + SPEED.width - 8} y=${shortest(top)} width="8" height=${shortest(BOTTOM - top)} fill="url(#fd-${near})"></rect>`;
}

/** A commanded value: a filled ink wedge on its tape, held at the edge when it is off the tape. */
function bug(target: Maybe, quantity: "speed" | "height", tape: Tape, x: number, side: number) {
  if (!known(target)) return nothing;
  const y = Math.max(TOP + 1, Math.min(BOTTOM - 1, tapeY(fromSi(target, quantity, settings().units), tape)));
  return svg`<path data-testid="bug-${quantity}" d="M${x} ${shortest(y)}l${9 * side} -6v12z" fill="var(--ink)"></path>`;
}

function height(a: Aircraft) {
  const { left, width } = HEIGHT;
  const units = settings().units;
  const z = a.place.altitude;
  const label = svg`<text x=${left + 2} y=${BOTTOM + 15} class="small">${symbol("height", units)}, ${climbText(a)}</text>
    <text x=${left + width - 4} y="24" class="end set">${t("flight.set", { value: amount(a.target.altitude, "height", units) })}</text>`;
  if (!known(z)) return svg`${unknownBox(left, TOP, width, BOTTOM - TOP)}${label}`;
  const tape = heightTape(z);
  const ticks = tapeTicks(tape, TOP, BOTTOM, tape.step, 5);
  return svg`<g clip-path="url(#fd-height)"><rect x=${left} y=${TOP} width=${width} height=${BOTTOM - TOP} fill="var(--ground2)"></rect>
    ${ticks.map((k) => svg`<path d="M${left} ${shortest(k.at)}h${k.major ? 10 : 5}" stroke="var(--ink3)"></path>${
      k.major && inside(k.at, 22) ? svg`<text x=${left + 16} y=${shortest(k.at + 4)}>${figure(k.value)}</text>` : nothing}`)}
    ${groundHatch(a, tape)}${bug(a.target.altitude, "height", tape, left, 1)}</g>
    <path d="M${left + width} ${CY - 14}h-62l-8 14l8 14h62z" class="box"></path>
    <text x=${left + width - 4} y=${CY + 6} class="end value" data-testid="height-value">${amount(z, "height", units)}</text>${label}`;
}

function climbText(a: Aircraft): string {
  const climb = a.v.climb;
  if (!known(climb)) return UNKNOWN;
  const sign = climb > 0.05 ? "+" : "";
  return sign + amount(climb, "climb", settings().units) + " " + symbol("climb", settings().units);
}

function groundHatch(a: Aircraft, tape: Tape) {
  const { altitude, agl } = a.place;
  if (!known(agl) || !known(altitude)) return nothing;
  const top = tapeY(fromSi(altitude - agl, "height", settings().units), tape);
  if (top >= BOTTOM) return nothing;
  const near = groundNearness(a);
  return svg`<rect data-testid="ground-limit" data-near=${near} x=${HEIGHT.left} y=${shortest(Math.max(TOP, top))} width="8" height=${shortest(BOTTOM - Math.max(TOP, top))} fill="url(#fd-${near})"></rect>`;
}

function compass(a: Aircraft) {
  const y = BOTTOM + 4;
  const psi = a.attitude.psi;
  const frame = svg`<rect x="76" y=${y} width="228" height="26" fill="var(--ground2)"></rect>`;
  if (!known(psi)) return svg`${frame}<text x=${CX} y=${y + 19} class="mid">${UNKNOWN}</text>`;
  const shown = psi * DEGREES;
  const ticks = headingTicks(shown, CX, 4.4, 108);
  return svg`${frame}${ticks.map((k) => svg`<path d="M${shortest(k.at)} ${y}v${k.major ? 7 : 4}" stroke="var(--ink3)"></path>${
    k.major && Math.abs(k.at - CX) > 36 && Math.abs(k.at - CX) < 98 ? svg`<text x=${shortest(k.at)} y=${y + 20} class="mid">${String(k.value).padStart(3, "0")}</text>` : nothing}`)}
    <path d="M${CX - 20} ${y + 3}h40v22h-40z" class="box"></path>
    <text x=${CX} y=${y + 19} class="mid head" data-testid="heading-value">${degrees3(psi)}</text>
    ${headingBug(a, shown, y)}${courseMark(a, shown, y)}`;
}

function alongCompass(angle: Maybe, shown: number): number | null {
  if (!known(angle)) return null;
  return CX + Math.max(-112, Math.min(112, turn(shown, angle * DEGREES) * 4.4));
}

function headingBug(a: Aircraft, shown: number, y: number) {
  const x = alongCompass(a.target.heading, shown);
  return x === null ? nothing : svg`<path data-testid="bug-heading" d="M${shortest(x)} ${y}l-6 -8h12z" fill="var(--ink)"></path>`;
}

function courseMark(a: Aircraft, shown: number, y: number) {
  const moving = known(a.v.ground) && a.v.ground > 5;
  const x = moving ? alongCompass(a.v.course, shown) : null;
  return x === null ? nothing : svg`<path d="M${shortest(x)} ${y}l-4 -5l4 -5l4 5z" fill="var(--guidance)"></path>`;
}

/** The protection beside what it is against; nothing while it rests. */
export function iceName(a: Aircraft): string {
  const { protection } = a.ice;
  return t(protection === "heating" ? "flight.ice_heating" : protection === "failed" ? "flight.ice_failed" : "flight.ice");
}

function readouts(a: Aircraft) {
  const near = stallNearness(a);
  const wind = known(a.wind.speed) ? `${heading(a.wind.bearing)} ${amount(a.wind.speed, "speed", settings().units)} ${symbol("speed", settings().units)}` : UNKNOWN;
  const cells: [string, string, string][] = [
    [t("flight.above_stall"), a.landed ? UNKNOWN : percent(a.ice.stall_margin), near],
    [iceName(a), kilograms(a.ice.mass, 1), "rest"],
    [t("flight.outside"), celsius(a.ice.outside), "rest"],
    [t("flight.wind"), wind, "rest"],
  ];
  const at = [10, 112, 186, 278];
  return cells.map(([name, value, state], i) => svg`<text x=${at[i]} y="300" class="small">${name}</text>
    <text x=${at[i]} y="315" class="read" data-near=${state} data-testid="read-${i}">${value}</text>`) as TemplateResult[];
}


define("sr-flight-display", FlightDisplay);
