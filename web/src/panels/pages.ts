import { nothing } from "lit";
import { Panel } from "./panel";

export class Pages extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-pages", Pages);
