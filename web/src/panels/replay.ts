/** Replay: the same screen, fed from the record of what the crew saw and did, with a time line of marks. */
import { html, nothing } from "lit";
import { t } from "../i18n";
import { store } from "../store";
import { clockSeconds, figure } from "../units";
import type { Replay } from "../wire";
import { send } from "./actions";
import { onPage, openPage, pageOpen } from "./pages";
import { Panel, define } from "./panel";

const RATES = [1, 4, 16, 60] as const;

/** Place of a moment on the time line, 0 to 1. */
export function share(at_ms: number, replay: Pick<Replay, "start_ms" | "end_ms">): number {
  const span = replay.end_ms - replay.start_ms;
  return span > 0 ? Math.min(1, Math.max(0, (at_ms - replay.start_ms) / span)) : 0;
}

export class ReplayBar extends Panel {
  protected override readonly rate: number = 4;
  private readonly end: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.end.push(onPage(() => this.opened()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end.splice(0).forEach((stop) => stop());
  }

  private opened(): void {
    const on = store.latest("replay")?.on ?? false;
    if (pageOpen() === "replay" && !on) send({ t: "set_replay", on: true, rate: 0 });
    this.requestUpdate();
  }

  private goLive(): void {
    send({ t: "set_replay", on: false });
    if (pageOpen() === "replay") openPage(null);
  }

  override render() {
    const replay = store.latest("replay");
    const wanted = pageOpen() === "replay";
    if (!replay?.on && !wanted) return nothing;
    if (!replay) return html`<div class="replay"><span class="d">${t("replay.waiting")}</span>${this.back()}</div>`;
    return html`<div class="replay" data-testid="replay" role="group" aria-label=${t("page.replay")}>
      <b>${t("replay.title")}</b>${this.play(replay)}${RATES.map((rate) => this.pace(replay, rate))}${this.line(replay)}
      <b class="when" data-testid="replay-at">${clockSeconds(replay.at_ms / 1000)}</b>${this.back()}</div>`;
  }

  private back() {
    return html`<button class="btn small" type="button" data-testid="replay-live" @click=${() => this.goLive()}>${t("replay.live")}</button>`;
  }

  private play(replay: Replay) {
    const on = replay.rate > 0;
    return html`<button class="btn small" type="button" data-testid="replay-play" @click=${() => send({ t: "set_replay", on: true, rate: on ? 0 : 1 })}>${on ? t("replay.pause") : t("replay.play")}</button>`;
  }

  private pace(replay: Replay, rate: number) {
    return html`<button class="btn small" type="button" aria-pressed=${replay.rate === rate} @click=${() => send({ t: "set_replay", on: true, rate })}>${figure(rate)}×</button>`;
  }

  private line(replay: Replay) {
    const go = (event: Event) => send({ t: "set_replay", on: true, at_ms: Number((event.target as HTMLInputElement).value), rate: replay.rate });
    return html`<span class="timeline"><span class="marks" aria-hidden="true">${replay.marks.map(([at, kind, words]) => html`<i class=${kind} style="left:${(share(at, replay) * 100).toFixed(2)}%" title=${words}></i>`)}</span>
      <input type="range" min=${replay.start_ms} max=${replay.end_ms} step="100" .value=${String(replay.at_ms)} aria-label=${t("replay.time")} data-testid="replay-time" @change=${go}></span>`;
  }
}

define("sr-replay", ReplayBar);
