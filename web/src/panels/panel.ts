/** What every panel shares: no shadow root (one stylesheet holds), told at its own rate, ages that grow, a tick that walks. */
import "./panels.css";
import { LitElement, html, svg } from "lit";
import { onLanguage, t } from "../i18n";
import { onSettings } from "../settings";
import { store } from "../store";
import { ageFigure } from "../units";
import type { Aircraft, Picture } from "../wire";
import { freshness } from "./age";

/** Without a picture for so long a panel wakes by itself, so that ages go on growing [ms]. */
const ALONE_MS = 1000;

export abstract class Panel extends LitElement {
  /** How often this panel looks at the store [1/s]. */
  protected readonly rate: number = 2;
  private readonly leave: (() => void)[] = [];
  private drawn = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const again = () => this.requestUpdate();
    const alone = setInterval(() => store.pictureAge > 1 && again(), ALONE_MS);
    this.leave.push(store.subscribe(again, this.rate), onSettings(again), onLanguage(again), () => clearInterval(alone));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave.splice(0).forEach((end) => end());
  }

  protected override updated(): void {
    this.drawn++;
  }

  protected get picture(): Picture | null {
    return store.picture;
  }

  /** The aircraft that the panels show. */
  protected get aircraft(): Aircraft | null {
    return store.aircraft();
  }

  /** An age of the picture as it is now [s]. */
  protected ageOf(age: number | null): number | null {
    return store.ageOf(age);
  }

  /** A tick that walks while this panel is drawn: when it stands still, so does the panel. */
  protected pulse(x: number, y: number) {
    return svg`<path class="pulse" d="M${x - (this.drawn % 10) * 2} ${y}v4" stroke="var(--ink3)" stroke-width="1.5"></path>`;
  }

  /** A panel's heading with its age, and the walking tick. */
  protected head(title: string, age: number | null, note = "") {
    const state = freshness(age);
    const text = state === "fresh" || state === "unknown" ? note : t("age.old", { age: ageFigure(age) });
    return html`<h2><span>${title}</span><i class="age-${state}"><span class="note">${text}</span><span class="beat" aria-hidden="true"
      ><b style="left:${(this.drawn % 6) * 2}px"></b><u>${this.drawn % 100}</u></span></i></h2>`;
  }
}

/** Simulated UTC now [s since 1970], from the strip's start; null before it came. */
export function utcNow(): number | null {
  const sim = store.picture?.sim_s;
  const start = startOfTime();
  return start === null || sim == null ? null : start + sim;
}

/** A moment on the station's wall clock [ms] as simulated UTC [s], so that all times on the screen are of one clock. */
export function utcOf(wall_ms: number): number {
  const picture = store.picture;
  const now = utcNow();
  if (!picture || now === null) return wall_ms / 1000;
  return now - ((picture.wall_ms - wall_ms) / 1000) * (picture.speed ?? 1);
}

function startOfTime(): number | null {
  for (const one of store.picture?.aircraft ?? []) {
    const start = store.latest("strip", one.sysid)?.start_unix_s;
    if (start != null) return start;
  }
  return null;
}

/** Register an element once. */
export function define(name: string, element: CustomElementConstructor): void {
  if (typeof customElements !== "undefined" && !customElements.get(name)) customElements.define(name, element);
}
