/** Mode line: what it does now, what is armed next and by what trigger, who commanded it, the next 60 s. */
import { html } from "lit";
import { known as word, t } from "../i18n";
import { settings } from "../settings";
import { amount, callsign, clock, heading, known, symbol, withUnit } from "../units";
import type { Aircraft } from "../wire";
import { freshness } from "./age";
import { Panel, define, utcNow } from "./panel";

/** A height change under this counts as level [m]. */
const LEVEL_M = 15;

/** Where it goes in the next 60 s: heading, and level or up or down to a height. */
export function soon(a: Aircraft): string {
  const { heading: psi, altitude } = a.mode;
  if (!known(psi)) return "–";
  const units = settings().units;
  const z = a.place.altitude;
  if (!known(altitude) || !known(z) || Math.abs(altitude - z) < LEVEL_M) return t("mode.level", { heading: heading(psi) });
  const values = { heading: heading(psi), height: amount(altitude, "height", units) };
  return altitude > z ? t("mode.up", values) : t("mode.down", values);
}

/** How far it gets in the next 60 s, and how fast through the air where that is known. */
function covers(a: Aircraft): string {
  const units = settings().units;
  const speed = known(a.v.true) ? `, ${t("mode.true", { speed: amount(a.v.true, "speed", units), unit: symbol("speed", units) })}` : "";
  return `${withUnit(a.mode.distance, "distance", units)}${speed}`;
}

function ago(seconds: number | null): string {
  const now = utcNow();
  return known(now) && known(seconds) ? clock(now - seconds) : "–";
}

/** Who commanded the mode, in words. */
export function commander(a: Aircraft, seat: number | undefined): string {
  const { by } = a.mode;
  if (!known(by)) return "–";
  if (by === 0 || by === a.sysid) return t("mode.itself");
  return by === seat ? t("mode.you") : callsign(by);
}

export class ModeLine extends Panel {
  protected override readonly rate: number = 4;

  override render() {
    const a = this.aircraft;
    const m = a?.mode;
    const leg = known(a?.leg) && known(a?.legs) ? t("mode.leg", { leg: a.leg, legs: a.legs }) : "";
    return html`<div class="fma" data-testid="mode-line" data-fresh=${freshness(this.ageOf(a?.age.status ?? null))} role="group" aria-label=${t("mode.title")}>
      <div><span class="k">${t("mode.now")}</span><span class="v" data-testid="mode-now" aria-live="polite">${m?.now ? word("mode", m.now) : "–"}</span>
        <span class="s">${m?.reason ? word("reason", m.reason) : leg}</span></div>
      <div><span class="k">${t("mode.next")}</span><span class="v next" data-testid="mode-next">${m?.next ? word("mode", m.next) : "–"}</span>
        <span class="s">${m?.trigger ? word("trigger", m.trigger) : m?.reason ? leg : ""}</span></div>
      <div><span class="k">${t("mode.by")}</span><span class="v" data-testid="mode-by">${a ? commander(a, this.picture?.seat.sysid) : "–"}</span>
        <span class="s">${ago(m?.at_s ?? null)}</span></div>
      <div><span class="k">${t("mode.soon")}</span><span class="v guidance" data-testid="mode-soon">${a ? soon(a) : "–"}</span>
        <span class="s">${a ? covers(a) : ""}</span></div>
    </div>`;
  }
}

define("sr-mode-line", ModeLine);
