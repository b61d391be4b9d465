import { nothing } from "lit";
import { Panel } from "./panel";

export class Authority extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-authority", Authority);
