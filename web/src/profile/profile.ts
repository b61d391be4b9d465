import { nothing } from "lit";
import { Panel } from "../panels/panel";

export class ProfileElement extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-profile", ProfileElement);
