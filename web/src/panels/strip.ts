/** The mission strip as header: height, ice, link, fuel and mode over the whole flight; flown is full, foreseen is pale. */
import { html, nothing, svg } from "lit";
import { known as word, t } from "../i18n";
import { store } from "../store";
import { callsign, clock, known } from "../units";
import type { Strip } from "../wire";
import { path, timeStep } from "./geometry";
import { Panel, define, utcNow } from "./panel";
import { flownTo, fullHeight, lanes, linkless, night, runs, scale, segments, spans, type Lanes, type Scale, type Segment, type XY } from "./strip-geometry";

/** Full scale of the ice lane [kg]: thinner ice keeps at least 1.5 px, so that it is seen. */
const MOST_ICE_KG = 12;

export class StripPanel extends Panel {
  protected override readonly rate: number = 1;
  private drawnFor: unknown[] = [];
  private drawing: unknown = nothing;
  private watch: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch = new ResizeObserver(() => this.requestUpdate());
    this.watch.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch?.disconnect();
  }

  override render() {
    const a = this.aircraft;
    const strip = a ? store.latest("strip", a.sysid) : null;
    const width = this.clientWidth || 1440;
    if (!a || !strip || strip.s.length < 2) return html`<div class="strip empty"><span class="note">${a ? t("strip.waiting", { aircraft: callsign(a.sysid) }) : ""}</span></div>`;
    const lane = lanes(width);
    const at = scale(strip, lane);
    return html`<div class="strip" data-testid="strip"><svg width=${width} height="133" viewBox="0 0 ${width} 133" role="img" aria-label=${t("strip.title", { aircraft: callsign(a.sysid) })}>
      ${this.still(strip, lane, at, a.fuel.reserve)}${this.now(strip, lane, at)}</svg></div>`;
  }

  /** All but the line "now", drawn anew only when something in it changed. */
  private still(strip: Strip, lane: Lanes, at: Scale, reserve: number | null) {
    const wanted = [strip, lane.width, document.documentElement.lang, reserve];
    if (wanted.some((one, i) => one !== this.drawnFor[i])) {
      this.drawnFor = wanted;
      this.drawing = [patterns, nights(strip, lane, at), names(lane), axis(strip, lane, at), heights(strip, lane, at), ice(strip, lane, at), links(strip, lane, at), fuel(strip, lane, at, reserve), modes(strip, lane, at)];
    }
    return this.drawing;
  }

  private now(strip: Strip, lane: Lanes, at: Scale) {
    const sim = this.picture?.sim_s ?? strip.s[flownTo(strip)]!;
    const x = Math.max(lane.left, Math.min(lane.left + lane.width, at.x(sim)));
    const right = x > lane.left + lane.width - 90;
    const time = utcNow();
    return svg`<path d="M${x.toFixed(1)} 2V${lane.bottom + 4}" stroke="var(--ink)" stroke-width="1.5"></path>
      <text class="now halo ${right ? "end" : ""}" x=${(x + (right ? -5 : 5)).toFixed(1)} y="12">${t("strip.now", { time: known(time) ? clock(time) : "–" })}</text>`;
  }
}

const patterns = svg`<defs><pattern id="st-ice" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.6" height="6" fill="var(--water)"></rect></pattern>
  <pattern id="st-reserve" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1" height="5" fill="var(--ink3)"></rect></pattern></defs>`;

function nights(strip: Strip, lane: Lanes, at: Scale) {
  return spans(strip, (i) => night(strip, i), at).map((s) => svg`<rect x=${s.x.toFixed(1)} y="0" width=${s.width.toFixed(1)} height=${lane.bottom} fill="var(--night)"></rect>`);
}

function names(lane: Lanes) {
  if (lane.left < 40) return nothing;
  const rows: [string, number][] = [
    [t("strip.height"), lane.height.top + 28], [t("strip.ice"), lane.ice.top + 7], [t("strip.link"), lane.link.top + 7], [t("strip.fuel"), lane.fuel.top + 13], [t("strip.mode"), lane.mode.top + 10],
  ];
  return rows.map(([name, y]) => svg`<text class="end small2" x=${lane.left - 6} y=${y}>${name}</text>`);
}

function axis(strip: Strip, lane: Lanes, at: Scale) {
  const zero = strip.start_unix_s ?? 0;
  const step = timeStep(at.end - at.start, lane.width, lane.left < 40 ? 38 : 44);
  const found = [];
  for (let u = Math.ceil((zero + at.start) / step) * step; u <= zero + at.end; u += step) {
    const x = at.x(u - zero);
    const midnight = u % 86400 === 0;
    found.push(svg`<path d="M${x.toFixed(1)} 0V${lane.bottom + 3}" stroke="var(--rule)" stroke-width=${midnight ? 1.4 : 0.7}></path>`);
    if (x > lane.left + 8 && x < lane.left + lane.width - 12) found.push(svg`<text class="mid axis" x=${x.toFixed(1)} y="127">${step >= 10800 && lane.left < 40 ? clock(u).slice(0, 2) : clock(u)}</text>`);
  }
  return found;
}

/** Draw runs twice: flown in full, foreseen pale. */
function both(strip: Strip, column: readonly (number | null)[], at: Scale, y: (v: number) => number, draw: (run: XY[]) => unknown) {
  const to = flownTo(strip);
  return svg`<g>${runs(strip, column, 0, to, at, y).map(draw)}</g><g class="foreseen">${runs(strip, column, to, strip.s.length - 1, at, y).map(draw)}</g>`;
}

const closed = (run: XY[], base: number) => `${path(run)}L${run[run.length - 1]![0].toFixed(1)} ${base}L${run[0]![0].toFixed(1)} ${base}Z`;

function heights(strip: Strip, lane: Lanes, at: Scale) {
  const full = fullHeight(strip);
  const base = lane.height.top + lane.height.tall;
  const y = (v: number) => base - (Math.max(0, Math.min(full, v)) / full) * (lane.height.tall - 2);
  const sea = spans(strip, (i) => known(strip.ground[i]) && strip.ground[i]! <= 1, at, 0);
  return svg`${both(strip, strip.ground, at, y, (run) => svg`<path d=${closed(run, base)} fill="var(--land)"></path>`)}
    ${sea.map((s) => svg`<rect x=${s.x.toFixed(1)} y=${base - 1} width=${s.width.toFixed(1)} height="2" fill="var(--sea)" class=${s.from >= strip.now ? "foreseen" : ""}></rect>`)}
    ${both(strip, strip.altitude, at, y, (run) => svg`<path d=${path(run)} fill="none" stroke="var(--ink)" stroke-width="2" stroke-linejoin="round"></path>`)}`;
}

function ice(strip: Strip, lane: Lanes, at: Scale) {
  const base = lane.ice.top + lane.ice.tall;
  const y = (v: number) => base - (v > 0.05 ? Math.max(1.5, Math.min(1, v / MOST_ICE_KG) * lane.ice.tall) : 0);
  return svg`<path d="M${lane.left} ${base + 0.5}h${lane.width}" stroke="var(--rule)" stroke-width="0.7"></path>
    ${both(strip, strip.ice, at, y, (run) => svg`<path d=${closed(run, base)} fill="var(--water)"></path>`)}`;
}

function links(strip: Strip, lane: Lanes, at: Scale) {
  const top = lane.link.top + 1.5;
  const low = lane.link.top + 5.5;
  const line = (holds: (i: number) => boolean, y: number, colour: string, dash: string) =>
    split(strip, holds, at).map(([x, end, pale]) => svg`<path d="M${x.toFixed(1)} ${y}H${end.toFixed(1)}" stroke=${colour} stroke-width="2" stroke-dasharray=${dash} class=${pale ? "foreseen" : ""}></path>`);
  return svg`${line((i) => (strip.los_db[i] ?? -1) > 0, top, "var(--radio)", "none")}${line((i) => (strip.satellite_db[i] ?? -1) > 0, low, "var(--satellite)", "4 2")}
    ${spans(strip, (i) => linkless(strip, i), at).map((s) => svg`<rect x=${s.x.toFixed(1)} y=${lane.link.top - 1} width=${s.width.toFixed(1)} height=${lane.link.tall + 2} fill="none" stroke="var(--ink2)" stroke-width="0.9"></rect>`)}`;
}

/** Stretches cut at "now": start, end, and whether foreseen. */
function split(strip: Strip, holds: (i: number) => boolean, at: Scale): [number, number, boolean][] {
  const now = at.x(strip.s[flownTo(strip)]!);
  return spans(strip, holds, at, 0).flatMap((s): [number, number, boolean][] => {
    const end = s.x + s.width;
    if (end <= now || s.x >= now) return [[s.x, end, s.x >= now]];
    return [[s.x, now, false], [now, end, true]];
  });
}

function fuel(strip: Strip, lane: Lanes, at: Scale, reserve: number | null) {
  const most = Math.max(1, ...strip.fuel.filter(known));
  const base = lane.fuel.top + lane.fuel.tall;
  const y = (v: number) => base - (Math.max(0, v) / most) * (lane.fuel.tall - 2);
  const hatch = known(reserve) && reserve < most ? svg`<rect x=${lane.left} y=${y(reserve).toFixed(1)} width=${lane.width} height=${(base - y(reserve)).toFixed(1)} fill="url(#st-reserve)" opacity="0.55"></rect>
    <path d="M${lane.left} ${y(reserve).toFixed(1)}h${lane.width}" stroke="var(--ink3)" stroke-width="0.9" stroke-dasharray="5 3"></path>` : nothing;
  return svg`${hatch}${both(strip, strip.fuel, at, y, (run) => svg`<path d=${closed(run, base)} fill="var(--ink)" opacity="0.08"></path><path d=${path(run)} fill="none" stroke="var(--ink)" stroke-width="1.8"></path>`)}`;
}

/** Width of a figure of the lane's type, over all letters on the safe side [px]. */
const LETTER = 6.6;

function modes(strip: Strip, lane: Lanes, at: Scale) {
  const { top, tall } = lane.mode;
  return segments(strip, at).map((s: Segment) => {
    const name = word("mode", s.mode);
    const fits = name.length * LETTER + 8 < s.width;
    return svg`<g class=${s.from >= strip.now ? "foreseen" : ""}><rect x=${s.x.toFixed(1)} y=${top} width=${Math.max(0.8, s.width - 1).toFixed(1)} height=${tall} fill="var(--mode)"></rect>
      ${s.itself ? svg`<rect x=${s.x.toFixed(1)} y=${top - 2} width=${Math.max(1.5, s.width - 1).toFixed(1)} height="2.5" fill="var(--ink)"></rect>` : nothing}
      ${fits ? svg`<text class="small2 mode" x=${(s.x + 5).toFixed(1)} y=${top + 10.5}>${name}</text>` : nothing}</g>`;
  });
}

define("sr-strip", StripPanel);
