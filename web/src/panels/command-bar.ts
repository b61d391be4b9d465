/** Command bar: names its aircraft, lives only for its holder, shows requested, accepted or refused with the reason, done. */
import { html, nothing } from "lit";
import { known as word, t, type Key } from "../i18n";
import { settings } from "../settings";
import { store } from "../store";
import { ageFigure, amount, callsign, degrees3, fieldName, fromSi, known, symbol, toSi } from "../units";
import type { Aircraft, CommandState } from "../wire";
import { bar, send, type Bar } from "./actions";
import { oldest } from "./age";
import { DEGREES } from "./geometry";
import { Panel, define } from "./panel";
import "./hold";

type Values = { altitude?: number; airspeed?: number; heading?: number; field?: number; latitude?: number; longitude?: number; value?: number; confirmed?: boolean };

interface Entry {
  readonly kind: "altitude" | "airspeed" | "heading";
  readonly words: Key;
  readonly least: number;
  readonly most: number;
}

/** Ice protection as the aircraft takes it. */
export const PROTECTIONS: readonly { readonly words: Key; readonly value: number }[] = [
  { words: "command.ice_auto", value: -1 }, { words: "command.ice_on", value: 1 }, { words: "command.ice_off", value: 0 },
];

/** What can be typed, in SI: wide bounds against slips of the finger; the aircraft decides what it can fly. */
export const ENTRIES: readonly Entry[] = [
  { kind: "altitude", words: "command.altitude", least: -100, most: 12000 },
  { kind: "airspeed", words: "command.airspeed", least: 15, most: 120 },
  { kind: "heading", words: "command.heading", least: 0, most: 2 * Math.PI },
];

export type Read = { ok: true; value: number } | { ok: false; why: Key };

/** A typed figure as SI, or why it is refused here. Spaces in thousands and a decimal comma are allowed. */
export function readEntry(text: string, entry: Entry): Read {
  const bare = text.replace(/[\s\u00a0°]/g, "").replace(",", ".").replace("−", "-");
  const figure = Number(bare);
  if (bare === "" || !Number.isFinite(figure)) return { ok: false, why: "refused.not_a_number" };
  const si = entry.kind === "heading" ? figure / DEGREES : toSi(figure, entry.kind === "altitude" ? "height" : "speed", settings().units);
  const within = si >= entry.least - 1e-9 && si <= entry.most + 1e-9;
  return within ? { ok: true, value: entry.kind === "heading" ? si % (2 * Math.PI) : si } : { ok: false, why: "refused.out_of_range" };
}

/** The newest command of an aircraft, which is the one to tell about. */
export function newest(states: Iterable<CommandState>, sysid: number): CommandState | null {
  let found: CommandState | null = null;
  for (const one of states) if (one.sysid === sysid) found = one; // they come in the order asked; clocks of page and station differ
  return found;
}

const STEPS: readonly CommandState["state"][] = ["requested", "accepted", "done"];

/** Where a command stands on the way requested, accepted, done: 0, 1, 2; the failed stop where they are. */
export function stepOf(state: CommandState["state"]): number {
  if (state === "sent") return 0;
  if (state === "refused" || state === "timeout") return 1;
  return Math.max(0, STEPS.indexOf(state));
}

/** A refusal said here stays so long, or until the next command [ms]. */
const SAID_MS = 8000;

export class CommandBar extends Panel {
  protected override readonly rate: number = 4;
  private field = 0;
  private protection = 0;
  private local: { sysid: number; words: string; until: number } | null = null;

  override render() {
    const a = this.aircraft;
    if (!a) return nothing;
    const why = bar(a);
    return html`<section class="cmd ${why ? "barred" : ""}" data-testid="command-bar" aria-label=${t("command.title", { aircraft: callsign(a.sysid) })}>
      <div class="line"><span class="who ${a.mine ? "mine" : ""}">${callsign(a.sysid)}</span>${this.acts(a, why)}</div>
      <div class="line">${ENTRIES.map((entry) => this.entry(a, entry, why))}<span class="state" aria-live="polite" data-testid="command-state">${this.state(a, why)}</span></div>
    </section>`;
  }

  private acts(a: Aircraft, why: Bar) {
    const air = a.landed === false;
    const landing = a.phase === "landing";
    return html`${this.act(a, why, "take_off", !air)}${this.act(a, why, "route", true)}${this.act(a, why, "hold", air)}${this.act(a, why, "return", air)}
      ${this.landing(a, why, air)}${this.act(a, why, "go_around", landing)}<span class="space"></span>${air ? this.ice(a, why) : this.arming(a, why)}${this.engine(a, why, air)}`;
  }

  private act(a: Aircraft, why: Bar, kind: "take_off" | "route" | "hold" | "return" | "go_around" | "engine_start" | "arm", fits: boolean) {
    return html`<button class="btn" type="button" aria-disabled=${why !== null || !fits} data-testid="command-${kind}" @click=${() => this.ask(a, kind, {}, fits)}>${t(`command.${kind}`)}</button>`;
  }

  private landing(a: Aircraft, why: Bar, air: boolean) {
    const names = a.fuel.fields.map((f) => fieldName(f.name));
    const choose = (event: Event) => {
      this.field = Number((event.target as HTMLSelectElement).value);
    };
    return html`<span class="pair"><button class="btn" type="button" aria-disabled=${why !== null || !air} data-testid="command-land" @click=${() => this.ask(a, "land", { field: this.field }, air)}>${t("command.land")}</button
      ><select class="btn" aria-label=${t("command.field")} data-testid="land-field" @change=${choose}>${names.map((name, i) => html`<option value=${i} ?selected=${i === this.field}>${name}</option>`)}</select></span>`;
  }

  /** In the air, where arming stands on the ground. */
  private ice(a: Aircraft, why: Bar) {
    const choose = (event: Event) => {
      this.protection = Number((event.target as HTMLSelectElement).value);
    };
    return html`<span class="pair"><button class="btn" type="button" aria-disabled=${why !== null} aria-label=${t("command.ice")} title=${t("command.ice")} data-testid="command-ice" @click=${() => this.ask(a, "ice", { value: PROTECTIONS[this.protection]!.value }, true)}>${t("command.ice_short")}</button
      ><select class="btn" aria-label=${t("command.ice")} data-testid="ice-protection" @change=${choose}>${PROTECTIONS.map((one, i) => html`<option value=${i} ?selected=${i === this.protection}>${t(one.words)}</option>`)}</select></span>`;
  }

  private arming(a: Aircraft, why: Bar) {
    if (!a.armed) return this.act(a, why, "arm", true);
    return html`<sr-hold .label=${t("command.disarm_hold", { aircraft: callsign(a.sysid) })} .hint=${""} .off=${why !== null} .test=${"command-disarm"}
      @held=${() => this.ask(a, "disarm", { confirmed: true }, true)} @refused=${() => this.refuse(a, this.reason(a, why))}></sr-hold>`;
  }

  private engine(a: Aircraft, why: Bar, air: boolean) {
    if (a.engine_running === false) return this.act(a, why, "engine_start", true);
    const name = callsign(a.sysid);
    return html`<sr-hold .label=${t("command.engine_stop", { aircraft: name })} .hint=${air ? t("command.engine_stop_air", { aircraft: name }) : ""} .off=${why !== null} .test=${"command-engine_stop"}
      @held=${() => this.ask(a, "engine_stop", { confirmed: true }, true)} @refused=${() => this.refuse(a, this.reason(a, why))}></sr-hold>`;
  }

  private entry(a: Aircraft, entry: Entry, why: Bar) {
    const units = settings().units;
    const quantity = entry.kind === "altitude" ? "height" : "speed";
    const unit = entry.kind === "heading" ? "°" : symbol(quantity, units);
    const held = a.target[entry.kind];
    const now = entry.kind === "heading" ? degrees3(held) : amount(held, quantity, units);
    const enter = (event: Event) => {
      event.preventDefault();
      this.enter(a, entry, (event.currentTarget as HTMLFormElement).elements.namedItem("figure") as HTMLInputElement);
    };
    return html`<form class="entry" @submit=${enter}><label><span class="dd">${t(entry.words)}</span>
      <input name="figure" class="figure" inputmode="decimal" autocomplete="off" placeholder=${now} aria-disabled=${why !== null} data-testid="entry-${entry.kind}"><span class="dd">${unit}</span></label>
      <button class="btn small" type="submit" aria-disabled=${why !== null} aria-label=${t("command.set_this", { what: t(entry.words) })} data-testid="set-${entry.kind}">${t("command.set")}</button></form>`;
  }

  private enter(a: Aircraft, entry: Entry, input: HTMLInputElement): void {
    const read = readEntry(input.value, entry);
    if (!read.ok) return this.refuse(a, this.why(read.why, entry));
    if (this.ask(a, entry.kind, { [entry.kind]: read.value }, true)) input.value = "";
  }

  private why(key: Key, entry: Entry): string {
    const show = (si: number) => (entry.kind === "heading" ? (si * DEGREES).toFixed(0) : fromSi(si, entry.kind === "altitude" ? "height" : "speed", settings().units).toFixed(0));
    return t(key, { least: show(entry.least), most: show(entry.most), what: t(entry.words) });
  }

  /** Send it if nothing speaks against it; the result says whether it went. */
  private ask(a: Aircraft, kind: string, values: Values, fits: boolean): boolean {
    const why = bar(a);
    if (why) this.refuse(a, this.reason(a, why));
    else if (!fits) this.refuse(a, t("refused.not_now", { command: word("command", kind), aircraft: callsign(a.sysid) }));
    if (why || !fits) return false;
    this.local = null;
    store.command(a.sysid, kind, { ...values });
    this.requestUpdate();
    return true;
  }

  private refuse(a: Aircraft, words: string): void {
    this.local = { sysid: a.sysid, words, until: performance.now() + SAID_MS };
    this.requestUpdate();
  }

  private reason(a: Aircraft, why: Bar): string {
    const holder = known(a.holder.loi4) && a.holder.loi4 ? callsign(a.holder.loi4) : "–";
    const age = ageFigure(this.ageOf(oldest(a.age.status, a.age.position)));
    return why ? t(`refused.${why}`, { aircraft: callsign(a.sysid), holder, age }) : "";
  }

  private state(a: Aircraft, why: Bar) {
    if (why === "neutral") return this.neutral(a);
    if (this.local?.sysid === a.sysid && this.local.until > performance.now()) return html`<b class="refused" data-testid="refused">${this.local.words}</b>`;
    const last = newest(store.commands.values(), a.sysid);
    if (last && (a.mine || this.picture?.pending.some((one) => one.id === last.id))) return told(last);
    return why ? html`<span class="d">${this.reason(a, why)}</span>` : nothing;
  }

  private neutral(a: Aircraft) {
    const alarm = this.picture?.alarms.find((one) => one.sysid === a.sysid && one.tone === "command_gained" && !one.acknowledged);
    return html`<b>${t("command.neutral", { aircraft: callsign(a.sysid) })}</b>
      ${alarm ? html`<button class="btn small" type="button" data-testid="acknowledge-command" @click=${() => send({ t: "acknowledge", alarm: alarm.id })}>${t("command.take_inputs")}</button>` : nothing}`;
  }
}

function told(state: CommandState) {
  const at = stepOf(state.state);
  const failed = state.state === "refused" || state.state === "timeout";
  const steps = [t("state.requested"), failed ? word("state", state.state) : t("state.accepted"), t("state.done")].slice(0, at + 1); // only what has come to pass, so that an ear hears no "done" too early
  return html`<span class="told" data-state=${state.state}><b>${state.words || word("command", state.kind)}</b>${steps.map(
    (words, i) => html`<span class="step on ${failed && i === 1 ? "failed" : ""}">${words}</span>`)}
    ${state.reason ? html`<span class="why">${word("refusal", state.reason)}</span>` : nothing}</span>`;
}


define("sr-command-bar", CommandBar);
