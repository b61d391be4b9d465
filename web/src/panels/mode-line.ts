import { nothing } from "lit";
import { Panel } from "./panel";

export class ModeLine extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-mode-line", ModeLine);
