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
  return fill(choose(CATALOGUE[current][key] ?? key, values), values); // a missing word must not blank a panel
}

/** Words of the server for what comes from the aircraft: modes, reasons, values. */
let served: Partial<Record<Language, Readonly<Record<string, string>>>> = {};

/** Take the server's catalogue: flat dotted keys for each language. */
export function takeServed(catalogue: typeof served): void {
  served = catalogue;
  listeners.forEach((told) => told());
}

/** Fetch the server's catalogue; without it the words of the wire stand as they came. */
export async function serverWords(url: string): Promise<void> {
  try {
    const answer = await fetch(url);
    if (answer.ok) takeServed((await answer.json()) as typeof served);
  } catch {
    // the station comes back by itself; its words come with the next load of the page
  }
}

/** As `t`, for keys that come from the wire: the word itself, spaced, when no catalogue knows it. */
export function known(prefix: string, word: string, values: Values = {}): string {
  const key = `${prefix}.${word}`;
  if (key in CATALOGUE[current]) return t(key as Key, values);
  const said = served[current]?.[key] ?? served[current]?.[key.toLowerCase()];
  return said === undefined ? word.replace(/_/g, " ") : fill(said, values);
}

/** Both catalogues, for the test that compares them. */
export const catalogues = CATALOGUE;
