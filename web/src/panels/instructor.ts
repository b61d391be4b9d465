import { nothing } from "lit";
import { Panel } from "./panel";

export class Instructor extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-instructor", Instructor);
