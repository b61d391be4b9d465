import { nothing } from "lit";
import { Panel } from "./panel";

export class Fuel extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-fuel", Fuel);
