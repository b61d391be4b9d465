/** Who commands: three aircraft by three stations, offers and asks, and the differing values of a hand-over, one by one. */
import { html, nothing } from "lit";
import { known as word, t } from "../i18n";
import { store } from "../store";
import { callsign, clock, duration, figure, known } from "../units";
import type { Aircraft, Difference, Handover, Site } from "../wire";
import { authority, cameraBar, freshId, send } from "./actions";
import { freshness, oldest } from "./age";
import { bingo } from "./numbers";
import { Panel, define, utcNow } from "./panel";
import "./hold";

/** What a cell says: this seat, another station, the payload only, or nothing. */
export type Cell = "you" | "holds" | "payload" | "none";

/** The cell of an aircraft and a station. */
export function cell(a: Aircraft, site: Site, seat: number): Cell {
  if (a.holder.loi4 === site.sysid) return site.sysid === seat ? "you" : "holds";
  return a.holder.loi3 === site.sysid ? "payload" : "none";
}

/** Differences of a hand-over that nobody has accepted yet. */
export function open(differences: readonly Difference[]): number {
  return differences.filter((d) => !d.accepted).length;
}

/** The second action of an override must follow the first within this [ms]. */
const ANNOUNCED_MS = 30000;

const UNDER_WAY = new Set(["offered", "requested", "differences", "transfer", "read_back"]);

export class AuthorityPanel extends Panel {
  protected override readonly rate: number = 4;
  private choosing: number | null = null;
  private announced: { sysid: number; until: number } | null = null;

  override render() {
    const p = this.picture;
    if (!p) return nothing;
    const age = this.ageOf(oldest(...p.aircraft.map((a) => a.age.authority)));
    return html`<section class="p" data-testid="authority" aria-label=${t("authority.title")}>
      ${this.head(t("authority.title"), age, t("authority.decides"))}
      <div class="tk" style="--stations:${p.stations.length}" role="table" aria-label=${t("authority.table")}>
        <div class="row hd" role="row"><span role="columnheader"></span>${p.stations.map((site) => this.station(site))}</div>
        ${p.aircraft.map((a) => this.aircraftRow(a))}
      </div>
      <div class="desk">${p.offers.some((offer) => this.concerns(offer)) ? nothing : this.buttons()}</div>
      ${p.offers.filter((offer) => this.concerns(offer)).map((offer) => this.offer(offer))}
    </section>`;
  }

  private concerns(h: Handover): boolean {
    const seat = this.picture!.seat.sysid;
    return (h.taker === seat || h.giver === seat) && (UNDER_WAY.has(h.step) || h.step === "done");
  }

  private station(site: Site) {
    const me = site.sysid === this.picture?.seat.sysid;
    const dead = site.alive === false;
    return html`<span role="columnheader" class="hd ${me ? "me" : ""} ${dead ? "gone" : ""}">${me ? t("authority.me", { station: site.id }) : site.id}${dead ? html`<span class="dd"> ${t("authority.silent")}</span>` : nothing}</span>`;
  }

  private aircraftRow(a: Aircraft) {
    const seat = this.picture!.seat.sysid;
    const chosen = store.selected === a.sysid;
    return html`<div class="row" role="row">
      <button class="ac ${chosen ? "sel" : ""}" type="button" role="rowheader" aria-pressed=${chosen} data-testid="select-${a.sysid}" @click=${() => store.select(a.sysid)}>${callsign(a.sysid)}</button>
      ${this.picture!.stations.map((site) => pill(cell(a, site, seat), site))}
      <span class="sub" data-fresh=${freshness(this.ageOf(a.age.status))}><span class="num">${a.mode.now ? word("mode", a.mode.now) : "–"}${known(a.leg) && !a.landed ? t("authority.leg", { leg: a.leg }) : ""}</span><span class="num">${ending(a)}</span></span></div>`;
  }

  private buttons() {
    const a = this.aircraft;
    if (!a) return nothing;
    const name = callsign(a.sysid);
    if (this.picture!.seat.role === "payload") return this.camera(a, name);
    if (!a.mine) return this.askButtons(a, name);
    if (this.choosing === a.sysid) return this.whom(a, name);
    return html`<div class="two"><button class="btn" type="button" data-testid="offer" @click=${() => this.choose(a.sysid)}>${t("authority.offer", { aircraft: name })}</button>
      <button class="btn" type="button" data-testid="release" @click=${() => authority(a.sysid, "release")}>${t("authority.release", { aircraft: name })}</button></div>`;
  }

  /** The payload's seat asks for level 3 alone: the camera. */
  private camera(a: Aircraft, name: string) {
    const held = a.holder.loi3 === this.picture!.seat.sysid;
    return html`<div class="two"><button class="btn" type="button" data-testid="camera" @click=${() => authority(a.sysid, held ? "release" : "request", { loi: 3 })}>${held ? t("authority.release_camera", { aircraft: name }) : t("authority.take_camera", { aircraft: name })}</button>
      ${held ? html`<button class="btn" type="button" aria-disabled=${cameraBar(a) !== null} data-testid="camera-free" @click=${() => cameraBar(a) === null && store.command(a.sysid, "release_turret")}>${t("authority.free_camera", { aircraft: name })}</button>` : nothing}</div>`;
  }

  private choose(sysid: number | null): void {
    this.choosing = sysid;
    this.requestUpdate();
  }

  private whom(a: Aircraft, name: string) {
    const others = this.picture!.stations.filter((site) => site.sysid !== this.picture!.seat.sysid);
    const give = (site: Site) => () => {
      authority(a.sysid, "offer", { to: site.sysid });
      this.choose(null);
    };
    return html`<div class="two"><span class="d">${t("authority.offer_to", { aircraft: name })}</span>${others.map(
      (site) => html`<button class="btn" type="button" data-testid="offer-${site.id}" @click=${give(site)}>${site.id}</button>`)}
      <button class="btn" type="button" @click=${() => this.choose(null)}>${t("act.cancel")}</button></div>`;
  }

  private askButtons(a: Aircraft, name: string) {
    const free = !a.holder.loi4;
    return html`<div class="two"><button class="btn" type="button" data-testid="ask" @click=${() => authority(a.sysid, "request")}>${free ? t("authority.take", { aircraft: name }) : t("authority.ask", { aircraft: name })}</button>
      ${free ? nothing : this.override(a, name)}</div>
      ${free || !this.isAnnounced(a) ? nothing : html`<p class="note">${t("authority.override_hint", { aircraft: name, station: callsign(a.holder.loi4) })}</p>`}`;
  }

  private isAnnounced(a: Aircraft): boolean {
    return this.announced?.sysid === a.sysid && performance.now() < this.announced.until;
  }

  /** Two actions: it is announced to all, then held; after a while it must be announced anew. */
  private override(a: Aircraft, name: string) {
    if (this.isAnnounced(a))
      return html`<sr-hold .label=${t("authority.override_hold", { aircraft: name })} .hint=${t("authority.override_hint", { aircraft: name, station: callsign(a.holder.loi4) })} .test=${"override"}
        @held=${() => authority(a.sysid, "override", { confirmed: true })}></sr-hold>`;
    const announce = () => {
      authority(a.sysid, "override", { confirmed: false });
      this.announced = { sysid: a.sysid, until: performance.now() + ANNOUNCED_MS };
      this.requestUpdate();
    };
    return html`<button class="btn" type="button" data-testid="override-announce" @click=${announce}>${t("authority.override", { aircraft: name })}</button>`;
  }

  private offer(h: Handover) {
    const taking = h.taker === this.picture!.seat.sysid;
    const values = { aircraft: callsign(h.sysid), giver: callsign(h.giver), taker: callsign(h.taker) };
    const title = h.step === "requested" ? (taking ? t("handover.you_ask", values) : t("handover.asks", values)) : taking ? t("handover.offers", values) : t("handover.you_offer", values);
    return html`<div class="offer" role="alert" data-testid="handover-${h.sysid}"><span><b>${title}</b><span class="d"> ${t("handover.differ", { n: h.differences.length, all: h.compared })}</span></span>
      ${h.differences.length ? differences(h, taking) : nothing}
      <div class="d step">${word("handover.step", h.step)}${known(h.read_back_s) ? `, ${t("handover.read_back", { time: figure(h.read_back_s, 1) })}` : ""}</div>
      ${h.step === "done" ? nothing : this.steps(h, taking)}</div>`;
  }

  private steps(h: Handover, taking: boolean) {
    return html`<div class="two desk">${taking ? this.taker(h) : this.giver(h)}<button class="btn" type="button" data-testid="cancel-handover" @click=${() => authority(h.sysid, "cancel")}>${t("act.cancel")}</button></div>`;
  }

  /** The taker agrees to compare, accepts each value, then waits for the giver. */
  private taker(h: Handover) {
    const left = open(h.differences);
    if (h.step === "offered") return html`<button class="btn" type="button" data-testid="take-offer" @click=${() => authority(h.sysid, "take_offer", { loi: h.loi })}>${t("handover.compare", { aircraft: callsign(h.sysid) })}</button>`;
    return html`<span class="d" data-testid="handover-wait">${h.step === "differences" && left ? t("handover.accept_first", { n: left }) : t("handover.wait", { other: callsign(h.giver) })}</span>`;
  }

  /** The giver agrees to a request, and gives when no difference is left. */
  private giver(h: Handover) {
    const values = { aircraft: callsign(h.sysid), taker: callsign(h.taker) };
    if (h.step === "requested") return html`<button class="btn" type="button" data-testid="agree" @click=${() => authority(h.sysid, "offer", { to: h.taker, loi: h.loi })}>${t("handover.agree", values)}</button>`;
    if (h.step === "transfer") return html`<button class="btn" type="button" data-testid="transfer" @click=${() => authority(h.sysid, "transfer", { to: h.taker, loi: h.loi })}>${t("handover.give", values)}</button>`;
    return html`<span class="d" data-testid="handover-wait">${t("handover.wait", { other: callsign(h.taker) })}</span>`;
  }
}

function differences(h: Handover, taking: boolean) {
  const accept = (d: Difference) => () => send({ t: "accept_difference", id: freshId(), sysid: h.sysid, index: d.index });
  return html`<div class="diff"><span></span><span class="dd">${t("handover.aircraft")}</span><span class="dd">${t("handover.station")}</span><span></span>
    ${h.differences.map((d) => html`<span class="d">${d.words || word("value", d.name)}</span><b>${d.aircraft}</b><b class=${d.accepted ? "dropped" : ""}>${d.station}</b>
      ${taking && !d.accepted && h.step === "differences" ? html`<button class="btn small desk" type="button" data-testid="accept-${d.index}" @click=${accept(d)}>${t("handover.accept")}</button>` : html`<span class="dd">${d.accepted ? t("handover.accepted") : ""}</span>`}`)}</div>`;
}

function pill(state: Cell, site: Site) {
  if (state === "none") return html`<span role="cell" class="nil">·</span>`;
  const words = { you: t("authority.you"), holds: site.id, payload: t("authority.payload") }[state];
  return html`<span role="cell"><span class="pill ${state}">${words}</span></span>`;
}

/** What matters next of an aircraft: its landing on the way home, else its time to bingo. */
function ending(a: Aircraft): string {
  const now = utcNow();
  if (a.landed) return t("authority.ground");
  if (a.outlook && known(a.outlook.lands_s) && known(now) && a.outlook.lands_s < 3600) return t("authority.lands", { time: clock(now + a.outlook.lands_s) });
  return t("authority.bingo", { time: duration(bingo(a)) });
}

define("sr-authority", AuthorityPanel);
