/** What every panel shares: no shadow root (one stylesheet holds), told by the store at its own rate. */
import { LitElement } from "lit";
import { store } from "../store";

export abstract class Panel extends LitElement {
  /** How often this panel looks at the store [1/s]. */
  protected readonly rate: number = 2;
  private leave: (() => void) | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.leave = store.subscribe(() => this.requestUpdate(), this.rate);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave?.();
  }
}
