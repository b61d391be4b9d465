/** Alarms: three classes, one list, root cause first, its consequences under it. Acknowledging silences, never hides. */
import { html, nothing, svg } from "lit";
import { t } from "../i18n";
import { sounder } from "../sound";
import { callsign, clock } from "../units";
import type { Alarm, Level } from "../wire";
import { send } from "./actions";
import { counts, gravity, grouped, type AlarmGroup } from "./alarm-view";
import { Panel, define, utcOf } from "./panel";

const LEVELS: readonly Level[] = ["warning", "caution", "advisory"];
const SIGNS: Record<Level, string> = { warning: "▲", caution: "◆", advisory: "" };

/** An alarm's words with the aircraft or station it is about; the station's own have none. */
export function named(alarm: Alarm): string {
  return alarm.sysid ? t("alarms.of", { who: callsign(alarm.sysid), words: alarm.words }) : alarm.words;
}

/** The alarms that a key would acknowledge first. */
export function firstOpen(alarms: readonly Alarm[]): AlarmGroup | null {
  return grouped(alarms).find((group) => !group.acknowledged) ?? null;
}

/** Acknowledge a group whole. */
export function acknowledge(group: AlarmGroup): void {
  for (const alarm of [group.root, ...group.consequences]) if (!alarm.acknowledged) send({ t: "acknowledge", alarm: alarm.id });
}

export class Alarms extends Panel {
  protected override readonly rate: number = 5;
  private cleared_ms: number | null = null;
  private last = 0;
  private readonly times = new Map<string, string>();

  override render() {
    const alarms = this.picture?.alarms ?? [];
    sounder.hear(alarms);
    if (this.last && !alarms.length) this.cleared_ms = this.picture?.wall_ms ?? null;
    this.last = alarms.length;
    const groups = grouped(alarms);
    return html`<section class="p" data-testid="alarms" aria-label=${t("alarms.title")}>
      ${this.banner(groups[0])}${this.head(t("alarms.title"), 0, this.note(alarms))}
      <div class="al">${LEVELS.map((level) => tile(level, counts(alarms)[level], alarms))}</div>
      <ul class="msgs" aria-live=${alarms.some((a) => a.level === "warning" && !a.acknowledged) ? "assertive" : "polite"}>${groups.map((g) => this.group(g))}</ul>
    </section>`;
  }

  /** The clock of an alarm, worked out once: it must not walk while the aircraft is silent. */
  private when(a: Alarm): string {
    const key = `${a.id}:${a.since_ms}`;
    const told = this.times.get(key) ?? clock(utcOf(a.since_ms));
    this.times.set(key, told);
    return told;
  }

  private note(alarms: readonly Alarm[]): string {
    if (sounder.asleep) return t("sound.asleep");
    if (alarms.length || this.cleared_ms === null) return "";
    return t("alarms.cleared", { time: clock(utcOf(this.cleared_ms)) });
  }

  /** On the phone the gravest stands over all. */
  private banner(group: AlarmGroup | undefined) {
    if (!group || group.gravity < 2) return nothing;
    const level = group.gravity === 3 ? "warning" : "caution";
    return html`<div class="banner ${level}"><b>${SIGNS[level]} ${named(group.root)}</b><br>${t("alarms.watching")}</div>`;
  }

  private group(g: AlarmGroup) {
    const a = g.root;
    const level = LEVELS[3 - g.gravity]!;
    return html`<li class="msg ${level} ${g.acknowledged ? "seen" : "open"} ${a.active ? "" : "past"}" data-testid="alarm-${a.key}" data-level=${level}>
      ${glyph(level)}<span class="when">${this.when(a)}</span>
      <span class="what"><span class="root">${named(a)}</span>${g.consequences.map((c) => html`<span class="then">${t("alarms.then", { words: c.words })}</span>`)}
        ${a.active ? nothing : html`<span class="then">${t("alarms.past")}</span>`}${a.inhibited ? html`<span class="then">${t("alarms.inhibited")}</span>` : nothing}</span>
      ${g.acknowledged ? html`<span class="dd">${t("alarms.seen")}</span>` : html`<button class="btn small desk" type="button" data-testid="acknowledge-${a.id}" aria-label=${t("alarms.acknowledge", { words: named(a) })} @click=${() => acknowledge(g)}>${t("act.ok")}</button>`}</li>`;
  }
}

function tile(level: Level, n: number, alarms: readonly Alarm[]) {
  const unseen = alarms.some((a) => a.level === level && !a.acknowledged);
  const words = n ? t(`alarms.n_${level}`, { n }) : t(`alarms.${level}`);
  return html`<div class="tile ${level} ${n ? "on" : ""} ${unseen && level === "warning" ? "blink" : ""}" data-testid="tile-${level}">${n ? `${SIGNS[level]} ` : ""}${words}</div>`;
}

function glyph(level: Level) {
  const shape = {
    warning: svg`<path d="M6 1L12 12H0Z" fill="var(--warning)"></path>`,
    caution: svg`<path d="M6 1L11 7L6 13L1 7Z" fill="var(--caution)"></path>`,
    advisory: svg`<circle cx="6" cy="7" r="4" fill="none" stroke="var(--ink)" stroke-width="1.6"></circle>`,
  }[level];
  return html`<svg width="12" height="14" aria-hidden="true">${shape}</svg>`;
}

/** The gravest open class, for the page's title. */
export function gravest(alarms: readonly Alarm[]): number {
  return Math.max(0, ...alarms.filter((a) => !a.acknowledged).map(gravity));
}

define("sr-alarms", Alarms);
