/** Top bar: am I in command, of which? And how it will end, how old the data are, that the screen lives, the time. */
import { html, nothing } from "lit";
import { known as word, t } from "../i18n";
import { languageChosen, change } from "../settings";
import { store } from "../store";
import { ageFigure, callsign, clock, clockSeconds, fieldName, known, kilograms } from "../units";
import type { Aircraft } from "../wire";
import { freshness, oldest } from "./age";
import { PAGES, openPage, pageOpen } from "./pages";
import { Panel, define, utcNow } from "./panel";

/** The words of the token: what this seat commands. */
export function token(aircraft: readonly Aircraft[]): string {
  const mine = aircraft.filter((a) => a.mine).map((a) => callsign(a.sysid));
  return mine.length ? t("top.command", { aircraft: mine.join(", ") }) : t("top.watch");
}

export class Top extends Panel {
  protected override readonly rate: number = 5;
  private greeted = false;

  override render() {
    const p = this.picture;
    if (!p) return html`<div class="topbar"><span class="name">${t("top.waiting")}</span></div>`;
    this.greet(p.seat.language);
    const mine = p.aircraft.some((a) => a.mine);
    return html`<div class="topbar" data-testid="top">
      <span class="name">${p.seat.id}<span class="dd hide-phone"> ${p.seat.name && p.seat.name !== p.seat.id ? `${p.seat.name}, ` : ""}${word("role", p.seat.role)}</span></span>
      <span class="token ${mine ? "mine" : ""}" data-testid="token" role="status">${token(p.aircraft)}</span>
      ${p.replaying ? html`<span class="token mine" data-testid="replaying">${t("top.replay")}</span>` : nothing}
      <span class="hide-phone">${this.foreseen()}</span>
      <span class="space"></span>
      <nav class="hide-phone pages" aria-label=${t("top.pages")}>${PAGES.filter((page) => page.id !== "instructor" || p.seat.role === "instructor").map(
        (page) => html`<button class="link" type="button" aria-pressed=${pageOpen() === page.id ? "true" : "false"} data-testid="page-${page.id}" @click=${() => openPage(page.id)}>${t(page.title)}</button>`)}</nav>
      <span class="hide-phone">${this.age()}</span>
      ${this.heartbeat(p.n)}
      <span class="clock" data-testid="clock">${this.time()} <span class="dd">${t("top.utc")}</span></span>
    </div>`;
  }

  /** The seat's language holds until a person chose one. */
  private greet(language: string): void {
    if (this.greeted) return;
    this.greeted = true;
    if (!languageChosen()) queueMicrotask(() => change({ language: language === "tr" ? "tr" : "en" }, false));
  }

  private time(): string {
    const now = utcNow();
    return known(now) ? clockSeconds(now) : clockSeconds((this.picture?.wall_ms ?? 0) / 1000);
  }

  private foreseen() {
    const a = this.aircraft;
    const o = a?.outlook;
    if (!a || !o?.outcome) return nothing;
    const now = utcNow();
    const at = known(now) && known(o.lands_s) ? clock(now + o.lands_s) : "–";
    const spare = known(o.fuel) && known(a.fuel.reserve) ? o.fuel - a.fuel.reserve : null;
    const grave = { diverted: "caution", refused: "caution", lost: "warning" }[o.outcome] ?? "";
    const what = word("outlook", o.outcome, { time: at, field: fieldName(o.field), aircraft: callsign(a.sysid) });
    const why = o.outcome === "completed" ? (known(spare) ? t("outlook.spare", { mass: kilograms(spare) }) : "") : word("reason", o.reason ?? "");
    return html`<span class="d foreseen" data-testid="outlook">${t("outlook.label", { aircraft: callsign(a.sysid) })} <b class="ink ${grave}">${what}</b>${why ? html`<span class="why">, ${why}</span>` : nothing}</span>`;
  }

  private age() {
    const a = this.aircraft;
    const age = a ? this.ageOf(oldest(a.age.position, a.age.attitude, a.age.status)) : null;
    const gone = store.link !== "open";
    if (gone) return html`<span class="age-dead plain warning" data-testid="server-gone" role="alert">${t("top.gone")}</span>`;
    return html`<span class="d" data-testid="data-age">${t("top.age")} <b class="ink age-${freshness(age)}">${ageFigure(age)}</b></span>`;
  }

  private heartbeat(n: number) {
    return html`<span class="heart" role="img" aria-label=${t("top.heart")}><svg width="46" height="10" aria-hidden="true"
      ><path d="M0 5H46" stroke="var(--rule2)"></path><rect x=${(n * 2) % 43} y="1" width="3" height="8" fill="var(--ink2)"></rect></svg><u>${n % 1000}</u></span>`;
  }
}

define("sr-top", Top);
