/** The phone's five numbers. */
import { html, nothing } from "lit";
import { t } from "../i18n";
import { settings } from "../settings";
import { UNKNOWN, amount, decibels, duration, known, percent, symbol } from "../units";
import type { Aircraft } from "../wire";
import { freshness, oldest } from "./age";
import { stallNearness } from "./flight-display";
import { Panel, define } from "./panel";

/** Time to bingo of the last field in reach [s]. */
export function bingo(a: Aircraft): number | null {
  const all = a.fuel.fields.map((f) => f.bingo_s).filter(known);
  return all.length ? Math.max(...all) : null;
}

/** Margin of the bearer in use, else the best there is. */
export function bestMargin(a: Aircraft): number | null {
  const active = a.links.find((l) => l.bearer === a.active_bearer);
  if (active && known(active.margin)) return active.margin;
  const all = a.links.map((l) => l.margin).filter(known);
  return all.length ? Math.max(...all) : null;
}

export class Numbers extends Panel {
  override render() {
    const a = this.aircraft;
    if (!a) return nothing;
    const units = settings().units;
    const cells: [string, string, string][] = [
      [t("numbers.speed", { unit: symbol("speed", units) }), amount(a.v.calibrated, "speed", units), ""],
      [t("numbers.height", { unit: symbol("height", units) }), amount(a.place.altitude, "height", units), ""],
      [t("flight.above_stall"), a.landed ? UNKNOWN : percent(a.ice.stall_margin), stallNearness(a)],
      [t("numbers.bingo"), duration(bingo(a)), ""],
      [t("numbers.link"), decibels(bestMargin(a)), ""],
    ];
    const age = this.ageOf(oldest(a.age.position, a.age.status));
    return html`<div class="numbers" data-fresh=${freshness(age)} data-testid="numbers">${cells.map(
      ([name, value, near]) => html`<div><span>${name}</span><b class="num" data-near=${near}>${value}</b></div>`)}</div>`;
  }
}

define("sr-numbers", Numbers);
