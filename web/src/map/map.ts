import { nothing } from "lit";
import { Panel } from "../panels/panel";

export class MapElement extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-map", MapElement);
