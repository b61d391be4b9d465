/** A button for what cannot be undone: it must be held for 1.5 s, by pointer or by key, and says what is lost. */
import { html } from "lit";
import { Panel, define } from "./panel";

/** How long it must be held [ms]. */
export const HOLD_MS = 1500;

/** How far a hold has come, 0 to 1. */
export function progress(since_ms: number | null, now_ms: number): number {
  return since_ms === null ? 0 : Math.min(1, Math.max(0, (now_ms - since_ms) / HOLD_MS));
}

export class HoldButton extends Panel {
  static override properties = { label: {}, hint: {}, off: { type: Boolean }, test: {} };
  declare label: string;
  declare hint: string;
  declare off: boolean;
  declare test: string;
  protected override readonly rate: number = 1;
  private since: number | null = null;
  private frame = 0;

  override render() {
    const part = progress(this.since, performance.now());
    return html`<button class="btn hold" type="button" aria-disabled=${this.off ? "true" : "false"} title=${this.hint ?? ""} data-testid=${this.test ?? ""}
      @pointerdown=${this.press} @pointerup=${this.lift} @pointerleave=${this.lift} @keydown=${this.key} @keyup=${this.lift} @blur=${this.lift}
      ><span class="fill" style="width:${(part * 100).toFixed(0)}%"></span><span class="label">${this.label}</span></button>`;
  }

  private readonly key = (event: KeyboardEvent) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) this.press();
  };

  private readonly press = () => {
    if (this.off || this.since !== null) {
      if (this.off) this.dispatchEvent(new CustomEvent("refused", { bubbles: true }));
      return;
    }
    this.since = performance.now();
    this.walk();
  };

  private readonly lift = () => {
    cancelAnimationFrame(this.frame);
    this.since = null;
    this.requestUpdate();
  };

  private readonly walk = () => {
    this.requestUpdate();
    if (progress(this.since, performance.now()) < 1) {
      this.frame = requestAnimationFrame(this.walk);
      return;
    }
    this.lift();
    this.dispatchEvent(new CustomEvent("held", { bubbles: true }));
  };
}

define("sr-hold", HoldButton);
