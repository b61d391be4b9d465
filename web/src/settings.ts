/** What one person chose for one screen: language, units, theme, sound. Kept in this browser only. */
import { setLanguage, type Language } from "./i18n";
import type { UnitSystem } from "./units";

export interface Settings {
  language: Language;
  units: UnitSystem;
  theme: "dark" | "light";
  sound: boolean;
}

const STORE = "samruk.settings";
const DEFAULTS: Settings = { language: "en", units: "aviation", theme: "dark", sound: true };
const listeners = new Set<() => void>();

function stored(): Partial<Settings> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return typeof read === "object" && read !== null ? (read as Partial<Settings>) : {};
  } catch {
    return {}; // no storage, or nonsense in it: the defaults serve
  }
}

function allowed(read: Partial<Settings>): Settings {
  return {
    language: read.language === "tr" ? "tr" : DEFAULTS.language,
    units: read.units === "metric" ? "metric" : DEFAULTS.units,
    theme: read.theme === "light" ? "light" : DEFAULTS.theme,
    sound: read.sound ?? DEFAULTS.sound,
  };
}

let chosen: Settings = typeof localStorage === "undefined" ? { ...DEFAULTS } : allowed(stored());

/** True when this browser holds a language somebody chose; the seat's own language counts otherwise. */
export function languageChosen(): boolean {
  return "language" in stored();
}

/** The settings in force. */
export function settings(): Readonly<Settings> {
  return chosen;
}

/** Change some of them, keep them, tell all. */
export function change(part: Partial<Settings>, keep = true): void {
  chosen = { ...chosen, ...part };
  apply();
  try {
    if (keep) localStorage.setItem(STORE, JSON.stringify(chosen));
  } catch {
    // a browser without storage forgets them with the page
  }
  listeners.forEach((told) => told());
}

/** Put language and theme on the document. */
export function apply(): void {
  setLanguage(chosen.language);
  document.documentElement.dataset["theme"] = chosen.theme;
}

/** Be told of changes; the result ends it. */
export function onSettings(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}
