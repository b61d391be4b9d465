import { nothing } from "lit";
import { Panel } from "./panel";

export class Numbers extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-numbers", Numbers);
