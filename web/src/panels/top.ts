import { nothing } from "lit";
import { Panel } from "./panel";

export class Top extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-top", Top);
