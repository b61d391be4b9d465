/** Help: the keys, and what the signs mean. */
import { html, svg } from "lit";
import { t, type Key } from "../i18n";
import { SHORTCUTS } from "../keyboard";
import { Panel, define } from "./panel";

const SIGNS: readonly (readonly [string, Key])[] = [
  ["token", "help.token"], ["guidance", "help.guidance"], ["lost_link", "help.lost_link"], ["reach", "help.reach"],
  ["old", "help.old"], ["dead", "help.dead"], ["warning", "help.warning"], ["caution", "help.caution"], ["advisory", "help.advisory"],
];

function sign(name: string) {
  const drawn: Record<string, unknown> = {
    token: svg`<rect x="3" y="3" width="30" height="10" fill="var(--command)"></rect>`,
    guidance: svg`<path d="M2 8H34" stroke="var(--guidance)" stroke-width="4"></path>`,
    lost_link: svg`<path d="M2 8H34" stroke="var(--ink)" stroke-width="1.4" stroke-dasharray="7 5"></path>`,
    reach: svg`<path d="M2 8H34" stroke="var(--radio)" stroke-width="1.3" stroke-dasharray="2 3"></path>`,
    old: svg`<text x="18" y="12" class="mid age-old">2.4</text>`,
    dead: svg`<text x="18" y="12" class="mid age-dead">6.1</text>`,
    warning: svg`<path d="M18 2L25 14H11Z" fill="var(--warning)"></path>`,
    caution: svg`<path d="M18 1L24 8L18 15L12 8Z" fill="var(--caution)"></path>`,
    advisory: svg`<circle cx="18" cy="8" r="5" fill="none" stroke="var(--ink)" stroke-width="1.6"></circle>`,
  };
  return html`<svg width="36" height="16" aria-hidden="true">${drawn[name]}</svg>`;
}

const SHOWN: Record<string, string> = { Escape: "Esc" };

export class HelpPage extends Panel {
  protected override readonly rate: number = 1;

  override render() {
    return html`<div class="help"><div><h2><span>${t("help.keys")}</span></h2><dl class="keys">${SHORTCUTS.map((one) => {
      const keys = one.keys.length > 2 ? `${one.keys[0]} … ${one.keys[one.keys.length - 1]}` : one.keys.map((key) => SHOWN[key] ?? key.toUpperCase()).join(" ");
      return html`<dt><kbd>${keys}</kbd></dt><dd>${t(one.words)}</dd>`;
    })}<dt><kbd>${t("help.hold_keys")}</kbd></dt><dd>${t("help.hold")}</dd></dl></div>
    <div><h2><span>${t("help.signs")}</span></h2><dl class="keys">${SIGNS.map(([name, words]) => html`<dt>${sign(name)}</dt><dd>${t(words)}</dd>`)}</dl></div></div>`;
  }
}

define("sr-help", HelpPage);
