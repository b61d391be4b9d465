/** Settings of this screen: language, units, theme, sound. */
import { html } from "lit";
import { t, type Key } from "../i18n";
import { change, settings, type Settings } from "../settings";
import { sounder } from "../sound";
import { send } from "./actions";
import { Panel, define } from "./panel";

interface Choice<K extends keyof Settings> {
  readonly key: K;
  readonly title: Key;
  readonly options: readonly { readonly value: Settings[K]; readonly words: Key }[];
}

const LANGUAGE: Choice<"language"> = { key: "language", title: "settings.language", options: [{ value: "en", words: "settings.en" }, { value: "tr", words: "settings.tr" }] };
const UNITS: Choice<"units"> = { key: "units", title: "settings.units", options: [{ value: "aviation", words: "settings.aviation" }, { value: "metric", words: "settings.metric" }] };
const THEME: Choice<"theme"> = { key: "theme", title: "settings.theme", options: [{ value: "dark", words: "settings.dark" }, { value: "light", words: "settings.light" }] };
const SOUND: Choice<"sound"> = { key: "sound", title: "settings.sound", options: [{ value: true, words: "settings.on" }, { value: false, words: "settings.off" }] };

export class SettingsPage extends Panel {
  protected override readonly rate: number = 1;

  override render() {
    return html`<div class="form">${this.row(LANGUAGE)}${this.row(UNITS)}${this.row(THEME)}${this.row(SOUND)}
      <div class="field"><span>${t("settings.try")}</span><span><button class="btn small" type="button" @click=${() => sounder.play("caution")}>${t("settings.caution")}</button>
      <button class="btn small" type="button" @click=${() => sounder.play("warning")}>${t("settings.warning")}</button></span></div></div>`;
  }

  private row<K extends keyof Settings>(choice: Choice<K>) {
    const pick = (value: Settings[K]) => () => {
      change({ [choice.key]: value } as Partial<Settings>);
      if (choice.key === "language") send({ t: "set_language", language: String(value) });
    };
    return html`<div class="field" role="radiogroup" aria-label=${t(choice.title)}><span>${t(choice.title)}</span><span class="options">${choice.options.map(
      (one) => html`<button class="btn small" type="button" role="radio" aria-checked=${settings()[choice.key] === one.value} data-testid="set-${choice.key}-${String(one.value)}" @click=${pick(one.value)}>${t(one.words)}</button>`)}</span></div>`;
  }
}

define("sr-settings", SettingsPage);
