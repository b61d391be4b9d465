import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { catalogues, known, setLanguage, t, takeServed, type Key, type Phrase } from "../../src/i18n";

const ROOT = join(import.meta.dirname, "../../src");
const sources = (folder: string): string[] => readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts")).map((f) => join(ROOT, folder, f));
const CODE = ["panels", "map", "profile", "editor"].flatMap(sources).concat(join(ROOT, "keyboard.ts"));

const forms = (phrase: Phrase): string[] => (typeof phrase === "string" ? [phrase] : [phrase.one, phrase.other]);
const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort();

/** What a person would see of a template: its text between tags, and the attributes that are read out. */
function visible(source: string): string[] {
  const found: string[] = [];
  for (const start of source.matchAll(/(?:html|svg)`/g)) {
    const bare = template(source, start.index + start[0].length).text;
    for (const [, words] of `>${bare}<`.matchAll(/>([^<>]*)</g)) found.push(words!);
    for (const [, words] of bare.matchAll(/\s(?:aria-label|title|placeholder|alt)="([^"]*)"/g)) found.push(words!);
  }
  return found.filter((text) => /[A-Za-zÇĞİÖŞÜçğıöşü]{2,}/.test(text));
}

/** A template's own text from `at` to its closing backtick, and where that is; what stands in `${...}` is left out. */
function template(source: string, at: number): { text: string; end: number } {
  let text = "";
  for (let i = at; i < source.length; i++) {
    if (source[i] === "`") return { text, end: i };
    if (source[i] === "\\") i++;
    else if (source.startsWith("${", i)) i = expression(source, i + 2);
    else text += source[i];
  }
  return { text, end: source.length };
}

/** The closing brace of an expression that begins at `at`, past strings and inner templates. */
function expression(source: string, at: number): number {
  for (let i = at, deep = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === "`") i = template(source, i + 1).end;
    else if (c === '"' || c === "'") i = source.indexOf(c, i + 1);
    else if (c === "{") deep++;
    else if (c === "}" && deep-- === 0) return i;
  }
  return source.length;
}

afterEach(() => {
  setLanguage("en");
  takeServed({});
});

describe("the catalogue", () => {
  it("has every key in both languages, none empty", () => {
    expect(Object.keys(catalogues.tr).sort()).toEqual(Object.keys(catalogues.en).sort());
    for (const words of [catalogues.en, catalogues.tr]) for (const phrase of Object.values(words) as Phrase[]) for (const form of forms(phrase)) expect(form.trim()).not.toBe("");
  });
  it("fills the same values in both languages", () => {
    for (const key of Object.keys(catalogues.en) as Key[]) {
      const [en, tr] = [catalogues.en[key], catalogues.tr[key]].map((phrase) => new Set(forms(phrase as Phrase).flatMap(slots)));
      expect([...tr!], key).toEqual([...en!]);
    }
  });
  it("knows every key that the code asks for", () => {
    for (const file of CODE)
      for (const [, key] of readFileSync(file, "utf8").matchAll(/\bt\("([\w.]+)"/g)) expect(Object.keys(catalogues.en), `${file}: ${key}`).toContain(key);
  });
  it("holds all that a person sees: no words stand in the code", () => {
    for (const file of CODE) expect(visible(readFileSync(file, "utf8")), file).toEqual([]);
  });
  it("would find words in the code if there were any", () => {
    expect(visible("html`<b>${x}</b><i>Hello you</i>`")).toEqual(["Hello you"]);
    expect(visible("html`<b>${x ? html`<i>inner words</i>` : y({ a: '}' })}</b>`")).toEqual(["inner words"]);
    expect(visible('html`<b title="Hello">${x}</b>`')).toEqual(["Hello"]);
  });
});

describe("a phrase", () => {
  it("counts one and many", () => {
    expect(t("alarms.n_caution", { n: 1 })).toBe("1 caution");
    expect(t("alarms.n_caution", { n: 2 })).toBe("2 cautions");
  });
  it("comes in the language that is chosen", () => {
    setLanguage("tr");
    expect(t("top.command", { aircraft: "01" })).toBe("Kumanda sizde: 01");
  });
  it("comes from the station's catalogue for what the aircraft says, else stands as it came", () => {
    expect(known("mode", "ICE_ESCAPE")).toBe("ICE ESCAPE");
    takeServed({ en: { "mode.ICE_ESCAPE": "LEAVES ICE" } });
    expect(known("mode", "ICE_ESCAPE")).toBe("LEAVES ICE");
  });
});
