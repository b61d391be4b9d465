/** Checklists: sensed items tick themselves, the right one opens with its alarm, some gate a command. Then what lies ahead. */
import { html, nothing } from "lit";
import { known as word, t } from "../i18n";
import { store } from "../store";
import { callsign, clock, duration, fieldName, known } from "../units";
import type { Aircraft, Checklist, ChecklistItem, Gap } from "../wire";
import { send } from "./actions";
import { Panel, define, utcNow } from "./panel";

/** The checklist to show: one that an alarm opened, then one that gates a command, then the newest; never a finished one first. */
export function shown(lists: readonly Checklist[], chosen: string | null): Checklist | null {
  const weight = (c: Checklist) => (c.complete ? 0 : 8) + (c.opened_by !== null ? 4 : 0) + (c.gate ? 2 : 0);
  const asked = lists.find((c) => listKey(c) === chosen);
  return asked ?? [...lists].sort((a, b) => weight(b) - weight(a) || b.since_ms - a.since_ms)[0] ?? null;
}

/** The lists that a person may open at any time. */
const LISTS = ["power_up", "arming", "landing", "hand_over", "link_loss", "engine_failure", "ice"] as const;

const listKey = (c: Checklist) => `${c.sysid}:${c.id}`;

/** The first item that is not done. */
export function nextItem(list: Checklist): ChecklistItem | null {
  return list.items.find((item) => !item.done) ?? null;
}

export interface Ahead {
  readonly at_s: number;
  readonly words: string;
}

/** Events foreseen for an aircraft, soonest first; times in seconds from now. */
export function ahead(a: Aircraft, gaps: readonly Gap[]): Ahead[] {
  const found: Ahead[] = gaps.map((gap) => ({
    at_s: gap.start_s,
    words: t(gap.bearer === "all" ? "ahead.no_link" : gap.bearer === "satellite" ? "ahead.no_satellite" : "ahead.satellite_alone", { time: duration(gap.end_s - gap.start_s) }),
  }));
  if (a.outlook && known(a.outlook.lands_s)) found.push({ at_s: a.outlook.lands_s, words: t("ahead.lands", { field: fieldName(a.outlook.field) }) });
  for (const field of a.fuel.fields) if (known(field.bingo_s) && field.bingo_s > 0) found.push({ at_s: field.bingo_s, words: t("ahead.bingo", { field: fieldName(field.name) }) });
  return found.filter((one) => one.at_s > 0).sort((x, y) => x.at_s - y.at_s);
}

export class Checklists extends Panel {
  private chosen: string | null = null;
  private end: (() => void) | null = null;

  /** A command that waits for a list brings the list. */
  override connectedCallback(): void {
    super.connectedCallback();
    this.end = store.on("refusal", (refusal) => refusal.checklist && this.open(refusal.checklist));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end?.();
  }

  private open(id: string): void {
    const sysid = store.selected;
    if (sysid === null) return;
    send({ t: "open_checklist", sysid, checklist: id, open: true });
    this.chosen = `${sysid}:${id}`;
    this.requestUpdate();
  }

  override render() {
    const p = this.picture;
    const a = this.aircraft;
    if (!p || !a) return nothing;
    const lists = p.checklists;
    const list = shown(lists, this.chosen);
    return html`${list ? this.list(list, lists) : nothing}${this.opener()}${p.alarms.some((alarm) => !alarm.acknowledged) ? nothing : this.ahead(a)}`;
  }

  private list(list: Checklist, lists: readonly Checklist[]) {
    const title = list.opened_by !== null ? t("check.by_alarm", { name: list.words }) : t("check.title", { name: list.words });
    return html`<section class="p" data-testid="checklist" data-list=${list.id} aria-label=${title}><h2><span>${title}</span><i>${callsign(list.sysid)}</i></h2>
      ${lists.length > 1 ? html`<div class="tabs">${lists.map((one) => this.tab(one, one === list))}</div>` : nothing}
      <ol>${list.items.map((item) => this.item(list, item))}</ol>
      ${list.gate && !list.complete ? html`<p class="note">${t("check.gate", { command: word("command", list.gate) })}</p>` : nothing}</section>`;
  }

  private opener() {
    const pick = (event: Event) => {
      const select = event.target as HTMLSelectElement;
      if (select.value) this.open(select.value);
      select.value = "";
    };
    return html`<div class="opener desk"><select class="btn" aria-label=${t("check.open")} data-testid="open-checklist" @change=${pick}><option value="">${t("check.open")}</option>${LISTS.map(
      (id) => html`<option value=${id}>${t(`check.list.${id}`)}</option>`)}</select></div>`;
  }

  private tab(one: Checklist, on: boolean) {
    const pick = () => {
      this.chosen = listKey(one);
      this.requestUpdate();
    };
    return html`<button class="link" type="button" aria-pressed=${on} @click=${pick}>${callsign(one.sysid)} ${one.words}${one.complete ? " ✓" : ""}</button>`;
  }

  private item(list: Checklist, item: ChecklistItem) {
    const next = nextItem(list) === item;
    const who = item.done ? (item.by ? t(`check.${item.by}`) : "") : item.sensed ? t("check.sensed") : t("check.crew");
    const mark = item.done ? "✓" : next ? "▸" : "";
    const tick = () => send({ t: "tick", sysid: list.sysid, checklist: list.id, item: item.id, done: !item.done });
    const words = html`<span class="mark">${mark}</span><span>${item.words}</span><span class="dd">${who}</span>`;
    if (item.sensed) return html`<li class=${next ? "next" : ""} data-done=${item.done}>${words}</li>`;
    return html`<li class=${next ? "next" : ""} data-done=${item.done}><button class="tick" type="button" role="checkbox" aria-checked=${item.done} data-testid="tick-${item.id}" @click=${tick}>${words}</button></li>`;
  }

  private ahead(a: Aircraft) {
    const now = utcNow();
    const list = ahead(a, store.latest("prediction", a.sysid)?.gaps ?? []).slice(0, 5);
    if (!list.length || !known(now)) return nothing;
    return html`<section class="p desk" data-testid="ahead"><h2><span>${t("ahead.title")}</span><i>${t("ahead.foreseen")}</i></h2>
      <ol class="pale">${list.map((one) => html`<li><span></span><span>${one.words}</span><span class="dd">${clock(now + one.at_s)}</span></li>`)}</ol></section>`;
  }
}

define("sr-checklists", Checklists);
