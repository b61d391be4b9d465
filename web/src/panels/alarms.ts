import { nothing } from "lit";
import { Panel } from "./panel";

export class Alarms extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-alarms", Alarms);
