import { nothing } from "lit";
import { Panel } from "./panel";

export class Checklists extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-checklists", Checklists);
