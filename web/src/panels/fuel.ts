/** Fuel and reach: the aircraft computes, the station shows the time to bingo for home and for each alternate. */
import { html, nothing } from "lit";
import { t } from "../i18n";
import { UNKNOWN, duration, fieldName, figure, kilograms, known } from "../units";
import type { Aircraft, Field } from "../wire";
import { freshness } from "./age";
import { Panel, define } from "./panel";

/** Less than this to bingo is amber, none left is red [s]. */
const BINGO_NEAR_S = 1800;

/** How near bingo for a field is; only the last field that can be reached lights. */
export function bingoNear(field: Field, all: readonly Field[]): "rest" | "near" | "past" {
  const most = Math.max(...all.map((f) => (known(f.bingo_s) ? f.bingo_s : -Infinity)));
  if (!known(field.bingo_s) || field.bingo_s < most) return "rest";
  if (field.bingo_s <= 0) return "past";
  return field.bingo_s < BINGO_NEAR_S ? "near" : "rest";
}

/** Length of a bar of time to bingo: the longest of the fields fills it. */
export function barShare(field: Field, all: readonly Field[]): number {
  const most = Math.max(1, ...all.map((f) => (known(f.bingo_s) ? f.bingo_s : 0)));
  return known(field.bingo_s) ? Math.max(0, Math.min(1, field.bingo_s / most)) : 0;
}

export class Fuel extends Panel {
  protected override readonly rate: number = 1;

  override render() {
    const a = this.aircraft;
    if (!a) return nothing;
    const age = this.ageOf(a.age.fuel);
    return html`<section class="p" data-fresh=${freshness(age)} data-testid="fuel" aria-label=${t("fuel.title")}>
      ${this.head(t("fuel.title"), age, t("fuel.by_aircraft"))}
      <div class="fu"><span class="dd">${t("fuel.field")}</span><span class="dd">${t("fuel.bingo")}</span><span class="dd r">${t("fuel.flight")}</span>
        ${a.fuel.fields.map((f) => row(f, a.fuel.fields))}
        <span class="dd">${t("fuel.aboard")}</span><span class="wide2"><b class="num">${kilograms(a.fuel.aboard)}</b> <span class="d">${rest(a)}</span></span></div>
    </section>`;
  }
}

function rest(a: Aircraft): string {
  const hourly = known(a.fuel.flow) ? figure(a.fuel.flow * 3600, 1) : UNKNOWN;
  return t("fuel.burning", { flow: hourly, reserve: kilograms(a.fuel.reserve) });
}

function row(f: Field, all: readonly Field[]) {
  const near = bingoNear(f, all);
  return html`<b>${fieldName(f.name)}</b><span class="bar" data-near=${near}><b style="width:${(barShare(f, all) * 100).toFixed(0)}%"></b></span>
    <span class="r"><b class="num" data-near=${near}>${duration(f.bingo_s)}</b> <span class="dd">${duration(f.flight_s)}</span></span>`;
}

define("sr-fuel", Fuel);
