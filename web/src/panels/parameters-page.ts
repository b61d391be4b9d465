/** Parameters: found by search, with unit and range; a value out of range is refused before it is sent. */
import { html, nothing } from "lit";
import { t } from "../i18n";
import { store } from "../store";
import { callsign, figure, known } from "../units";
import type { Parameter } from "../wire";
import { bar, freshId, send } from "./actions";
import { Panel, define } from "./panel";

/** Parameters whose name or words hold every word sought. */
export function search(list: readonly Parameter[], sought: string): Parameter[] {
  const parts = sought.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((one) => parts.every((part) => `${one.name} ${one.words ?? ""}`.toLowerCase().includes(part)));
}

/** Why a text is no value for a parameter; null when it is one. */
export function fault(one: Parameter, text: string): string | null {
  const value = Number(text.trim().replace(",", ".").replace("−", "-"));
  if (text.trim() === "" || !Number.isFinite(value)) return t("refused.not_a_number", { what: one.name });
  if ((known(one.least) && value < one.least) || (known(one.most) && value > one.most)) return t("refused.out_of_range", { what: one.name, least: one.least ?? "–", most: one.most ?? "–" });
  return null;
}

const MOST = 60;

export class ParametersPage extends Panel {
  protected override readonly rate: number = 1;
  private sought = "";
  private asked: number | null = null;
  private wrong: { name: string; words: string } | null = null;

  override render() {
    const a = this.aircraft;
    if (!a) return nothing;
    if (this.asked !== a.sysid) this.fetch(a.sysid);
    const told = store.latest("parameters", a.sysid);
    const all = told?.list ?? [];
    const found = search(all, this.sought);
    return html`<div class="search"><input type="search" placeholder=${t("parameters.search")} aria-label=${t("parameters.search")} data-testid="parameter-search" @input=${this.look}>
      <span class="d">${told ? t("parameters.count", { n: found.length, all: all.length, aircraft: callsign(a.sysid) }) : t("parameters.waiting", { aircraft: callsign(a.sysid) })}</span></div>
      <div class="params">${found.slice(0, MOST).map((one) => this.row(a.sysid, one, bar(a) !== null))}</div>
      ${found.length > MOST ? html`<p class="note">${t("parameters.more", { n: found.length - MOST })}</p>` : nothing}`;
  }

  private readonly look = (event: Event) => {
    this.sought = (event.target as HTMLInputElement).value;
    this.requestUpdate();
  };

  private fetch(sysid: number): void {
    this.asked = sysid;
    send({ t: "get_parameters", sysid });
  }

  private row(sysid: number, one: Parameter, barred: boolean) {
    const go = (event: SubmitEvent) => {
      event.preventDefault();
      this.give(sysid, one, (event.currentTarget as HTMLFormElement).elements.namedItem("figure") as HTMLInputElement, barred);
    };
    const range = known(one.least) || known(one.most) ? t("parameters.range", { least: known(one.least) ? figure(one.least, places(one.least)) : "–", most: known(one.most) ? figure(one.most, places(one.most)) : "–", unit: one.unit ?? "" }) : (one.unit ?? "");
    return html`<form class="param" @submit=${go}><span><b>${one.name}</b><span class="d">${one.words}</span></span>
      <input class="figure" name="figure" inputmode="decimal" autocomplete="off" aria-label=${one.name} aria-disabled=${barred} placeholder=${plain(one.value)}>
      <button class="btn small" type="submit" aria-disabled=${barred}>${t("command.set")}</button><span class="dd">${range}</span>
      ${this.wrong?.name === one.name ? html`<b class="refused">${this.wrong.words}</b>` : nothing}</form>`;
  }

  private give(sysid: number, one: Parameter, input: HTMLInputElement, barred: boolean): void {
    const words = barred ? t("refused.no_command", { aircraft: callsign(sysid) }) : fault(one, input.value);
    this.wrong = words ? { name: one.name, words } : null;
    if (!words) {
      send({ t: "set_parameter", id: freshId(), sysid, name: one.name, value: Number(input.value.replace(",", ".").replace("−", "-")) });
      input.value = "";
    }
    this.requestUpdate();
  }
}

/** A value as it was meant: 32-bit numbers carry seven figures. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(7)));
}

function places(value: number): number {
  return Number.isInteger(value) ? 0 : 2;
}

define("sr-parameters", ParametersPage);
