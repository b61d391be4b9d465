import { nothing } from "lit";
import { Panel } from "./panel";

export class Links extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-links", Links);
