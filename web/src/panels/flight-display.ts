import { nothing } from "lit";
import { Panel } from "./panel";

export class FlightDisplay extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-flight-display", FlightDisplay);
