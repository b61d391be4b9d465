import { nothing } from "lit";
import { Panel } from "./panel";

export class Replay extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-replay", Replay);
