import { nothing } from "lit";
import { Panel } from "../panels/panel";

export class EditorElement extends Panel {
  protected override render(): unknown {
    return nothing;
  }
}

customElements.define("sr-editor", EditorElement);
