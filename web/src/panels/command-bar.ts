import { nothing } from "lit";
import { Panel } from "./panel";

export class CommandBar extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-command-bar", CommandBar);
