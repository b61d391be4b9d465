/** The words of the station in English and Turkish. Sentences stand whole in the catalogue; code only fills in values. */
import * as panels from "./words/panels";
import * as map from "./words/map";

export type Language = "en" | "tr";
export type Phrase = string | { readonly one: string; readonly other: string };

const CATALOGUE = {
  en: { ...panels.en, ...map.en },
  tr: { ...panels.tr, ...map.tr },
} as const;

export type Key = keyof typeof CATALOGUE.en;
export type Values = Readonly<Record<string, string | number>>;

let current: Language = "en";
const listeners = new Set<() => void>();

/** The language in use. */
export function language(): Language {
  return current;
}

/** Choose the language and tell every panel. */
export function setLanguage(next: Language): void {
  current = next;
  if (typeof document !== "undefined") document.documentElement.lang = next;
  listeners.forEach((told) => told());
}

/** Be told when the language changes; the result ends it. */
export function onLanguage(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

function fill(pattern: string, values: Values): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function choose(phrase: Phrase, values: Values): string {
  if (typeof phrase === "string") return phrase;
  return values["n"] === 1 ? phrase.one : phrase.other;
}

/** The phrase of a key in the present language, with its values filled in. */
export function t(key: Key, values: Values = {}): string {
  return fill(choose(CATALOGUE[current][key], values), values);
}

/** As `t`, for keys that come from the wire: the word itself when the catalogue does not know it. */
export function known(prefix: string, word: string, values: Values = {}): string {
  const key = `${prefix}.${word}`;
  return key in CATALOGUE[current] ? t(key as Key, values) : word;
}

/** Both catalogues, for the test that compares them. */
export const catalogues = CATALOGUE;
