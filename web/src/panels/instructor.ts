/** The instructor's page: weather, failures, conditions of the links. Shown only to a seat of that role. */
import { html, nothing } from "lit";
import { known as word, t, type Key } from "../i18n";
import { store } from "../store";
import { callsign } from "../units";
import type { Aircraft, Instructor } from "../wire";
import { freshId, send } from "./actions";
import { Panel, define } from "./panel";

const SECTIONS: readonly { readonly what: Instructor["what"]; readonly title: Key; readonly list: "failures" | "conditions" | "link_conditions" }[] = [
  { what: "failure", title: "instructor.failures", list: "failures" },
  { what: "condition", title: "instructor.weather", list: "conditions" },
  { what: "link", title: "instructor.links", list: "link_conditions" },
];

/** A form's figure: empty is null, a comma is a point. */
export function optional(text: FormDataEntryValue | null): number | null {
  const bare = String(text ?? "").trim().replace(",", ".");
  return bare === "" || !Number.isFinite(Number(bare)) ? null : Number(bare);
}

export class InstructorPage extends Panel {
  protected override readonly rate: number = 1;

  override render() {
    const hello = store.latest("hello");
    const a = this.aircraft;
    if (!hello || !a || this.picture?.seat.role !== "instructor") return html`<p class="note">${t("instructor.not_you")}</p>`;
    return html`<p class="note">${t("instructor.note", { aircraft: callsign(a.sysid) })}</p>
      <div class="columns">${SECTIONS.map((one) => html`<section><h2><span>${t(one.title)}</span></h2>${hello[one.list].map((key) => this.line(a, one.what, key))}${hello[one.list].length ? nothing : html`<p class="note">–</p>`}</section>`)}</div>`;
  }

  private line(a: Aircraft, what: Instructor["what"], key: string) {
    const go = (event: SubmitEvent) => {
      event.preventDefault();
      const data = new FormData(event.currentTarget as HTMLFormElement);
      this.give(a, what, key, data);
    };
    const end = () => send({ t: "instructor", id: freshId(), sysid: a.sysid, what, key, value: what === "failure" ? 0 : null });
    return html`<form class="act" @submit=${go}><span>${word(what, key)}</span>
      <input class="figure" name="value" inputmode="decimal" autocomplete="off" aria-label=${t("instructor.value", { what: word(what, key) })} placeholder=${what === "failure" ? t("instructor.part") : t("instructor.figure")}>
      ${what === "condition" ? html`<span></span>` : html`<input class="figure" name="duration" inputmode="decimal" autocomplete="off" aria-label=${t("instructor.duration", { what: word(what, key) })} placeholder=${t("instructor.seconds")}>`}
      <button class="btn small" type="submit" data-testid="instructor-${what}-${key}">${what === "failure" ? t("instructor.fail") : t("command.set")}</button>
      <button class="btn small" type="button" @click=${end}>${t("instructor.end")}</button></form>`;
  }

  private give(a: Aircraft, what: Instructor["what"], key: string, data: FormData): void {
    const figure = optional(data.get("value"));
    const asked: Instructor = { t: "instructor", id: freshId(), sysid: a.sysid, what, key, start_s: 0, duration_s: optional(data.get("duration")) };
    send({ ...asked, value: what === "failure" ? (figure ?? 1) : figure }); // a failure without a figure is a whole one
  }
}

define("sr-instructor", InstructorPage);
