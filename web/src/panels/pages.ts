/** Pages over the map: parameters, replay, instructor, settings, help. Alarms and instruments stay in sight beside them. */
import { html, nothing } from "lit";
import { t, type Key } from "../i18n";
import { Panel, define } from "./panel";

export type PageId = "parameters" | "replay" | "instructor" | "settings" | "help";

export interface Page {
  readonly id: PageId;
  readonly title: Key;
}

/** The pages, in the order of the top bar. */
export const PAGES: readonly Page[] = [
  { id: "parameters", title: "page.parameters" },
  { id: "replay", title: "page.replay" },
  { id: "instructor", title: "page.instructor" },
  { id: "settings", title: "page.settings" },
  { id: "help", title: "page.help" },
];

let shown: PageId | null = null;
const listeners = new Set<() => void>();

/** The page that is open. */
export function pageOpen(): PageId | null {
  return shown;
}

/** Open a page, or close it when it is open already; null closes all. */
export function openPage(id: PageId | null): void {
  shown = id === shown ? null : id;
  listeners.forEach((told) => told());
}

/** Be told when another page opens. */
export function onPage(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

const BODIES = {
  parameters: html`<sr-parameters></sr-parameters>`,
  instructor: html`<sr-instructor></sr-instructor>`,
  settings: html`<sr-settings></sr-settings>`,
  help: html`<sr-help></sr-help>`,
};

export class Pages extends Panel {
  protected override readonly rate: number = 1;
  private readonly end: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.end.push(onPage(() => this.requestUpdate()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end.splice(0).forEach((stop) => stop());
  }

  override render() {
    const page = PAGES.find((one) => one.id === shown);
    this.toggleAttribute("open", page !== undefined && page.id !== "replay");
    if (!page || page.id === "replay") return nothing;
    return html`<div class="drawer" role="dialog" aria-label=${t(page.title)} data-testid="drawer-${page.id}">
      <h1>${t(page.title)}<button class="btn small" type="button" data-testid="close-page" @click=${() => openPage(null)}>${t("act.close")}</button></h1>
      ${BODIES[page.id]}</div>`;
  }
}

define("sr-pages", Pages);
