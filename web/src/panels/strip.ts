import { nothing } from "lit";
import { Panel } from "./panel";

export class Strip extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-strip", Strip);
