/** Links: margin now and foreseen for an hour, delay, age, the next gap, the time to lost link, the bearer in use. */
import { html, nothing, svg } from "lit";
import { known as word, t } from "../i18n";
import { store } from "../store";
import { ageFigure, clock, decibels, delay, duration, figure, known, version } from "../units";
import type { Aircraft, Bearer, Gap, Margin } from "../wire";
import { bar, freshId, send } from "./actions";
import { freshness } from "./age";
import { path, thin } from "./geometry";
import { Panel, define, utcNow } from "./panel";

const SPAN_S = 3600;
const WIDTH = 150;
const TALL = 26;
/** Full height of the little picture: 28 dB, as the link lane of the strip nearly. */
const MOST_DB = 28;

/** Runs of known margins within the next hour, in px. */
export function trace(points: readonly Margin[], which: "los_db" | "satellite_db"): [number, number][][] {
  const runs: [number, number][][] = [[]];
  for (const point of points) {
    if (point.s > SPAN_S) break;
    const db = point[which];
    if (!known(db)) runs.push([]);
    else runs[runs.length - 1]!.push([(point.s / SPAN_S) * WIDTH, TALL - 2 - (Math.max(0, Math.min(MOST_DB, db)) / MOST_DB) * 22]);
  }
  return runs.filter((run) => run.length > 1);
}

/** A bearer as the aircraft numbers it; the list of bearers lacks one that is far out of reach. */
export function bearerNumber(bearer: string): number {
  return bearer === "satellite" ? 2 : 1;
}

/** The next time when no bearer at all reaches the aircraft. */
export function nextGap(gaps: readonly Gap[]): Gap | null {
  return [...gaps].filter((gap) => gap.bearer === "all").sort((a, b) => a.start_s - b.start_s)[0] ?? null;
}

export class Links extends Panel {
  protected override readonly rate: number = 1;

  override render() {
    const a = this.aircraft;
    if (!a) return nothing;
    const age = this.ageOf(a.age.links);
    const foreseen = store.latest("prediction", a.sysid);
    return html`<section class="p" data-fresh=${freshness(age)} data-testid="links" aria-label=${t("links.title")}>
      ${this.head(t("links.title"), age, this.gap(nextGap(foreseen?.gaps ?? [])))}
      <div class="lk"><span class="dd">${t("links.link")}</span><span class="dd r">${t("links.margin")}</span><span class="dd">${t("links.ahead")}</span><span class="dd r">${t("links.delay")}</span>
        ${a.links.map((link) => this.row(a, link, foreseen?.points ?? []))}
        ${this.choice(a)}
        <span class="d all">${this.lostLink(a)}</span></div>
    </section>`;
  }

  private gap(gap: Gap | null): string {
    const now = utcNow();
    if (!gap || !known(now)) return t("links.no_gap");
    return t("links.gap", { time: clock(now + gap.start_s), minutes: duration(gap.end_s - gap.start_s) });
  }

  private row(a: Aircraft, link: Bearer, points: readonly Margin[]) {
    const sight = link.bearer === "line_of_sight";
    const colour = sight ? "var(--radio)" : "var(--satellite)";
    const runs = trace(points, sight ? "los_db" : "satellite_db").map((run) => path(thin(run)));
    return html`<span class="bearer" data-active=${link.bearer === a.active_bearer ? "true" : "false"}><b style="color:${colour}">${word("bearer", link.bearer)}</b></span>
      <b class="r num ${link.up === false ? "down" : ""}">${link.up === false ? t("links.down") : decibels(link.margin)}</b>
      <svg viewBox="0 0 ${WIDTH} ${TALL}" height=${TALL} width="100%" preserveAspectRatio="none" aria-hidden="true"><path d="M0 24H${WIDTH}" stroke="var(--ink3)" stroke-dasharray="3 2"></path>
        ${runs.map((d) => svg`<path d=${d} fill="none" stroke=${colour} stroke-width="1.6" stroke-dasharray=${sight ? "none" : "4 2"} vector-effect="non-scaling-stroke"></path>`)}</svg>
      <span class="r">${delay(link.delay)}<br><span class="d">${ageFigure(this.ageOf(link.age))}${known(link.loss) && link.loss >= 0.005 ? html`, ${figure(link.loss * 100)} %` : nothing}</span></span>`;
  }

  private choice(a: Aircraft) {
    const barred = bar(a) !== null;
    const ask = (value: number) => () => !barred && send({ t: "command", id: freshId(), sysid: a.sysid, kind: "bearer", value });
    return html`<span class="all choose desk"><span class="dd">${t("links.use")}</span>
      <button class="btn small" type="button" aria-disabled=${barred} data-testid="bearer-auto" @click=${ask(0)}>${t("links.auto")}</button>
      ${a.links.map((l) => html`<button class="btn small" type="button" aria-disabled=${barred} data-testid="bearer-${l.bearer}" @click=${ask(bearerNumber(l.bearer))}>${word("bearer", l.bearer)}</button>`)}</span>`;
  }

  private lostLink(a: Aircraft): string {
    const held = a.versions.lost_link;
    const shown = a.shown.lost_link;
    const time = known(a.lost_link_s) ? t("links.lost_in", { time: duration(a.lost_link_s) }) : "";
    if (!known(held)) return [t("links.route_untold"), time].filter(Boolean).join(" ");
    if (held === 0) return [t("links.no_route"), time].filter(Boolean).join(" ");
    const route = held === shown ? t("links.same", { version: version(held) }) : t("links.differ", { held: version(held), shown: version(shown) });
    return [route, time].filter(Boolean).join(" ");
  }
}

define("sr-links", Links);
