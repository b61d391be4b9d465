/** Keys of the station: one table, which the help page shows. None of them commands an aircraft by itself. */
import type { Key } from "./i18n";
import { acknowledge, firstOpen } from "./panels/alarms";
import { openPage, type PageId } from "./panels/pages";
import { store } from "./store";

export interface Shortcut {
  readonly keys: readonly string[];
  readonly words: Key;
  readonly act: (key: string) => void;
}

function focus(selector: string): void {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
}

const page = (id: PageId) => () => openPage(id);

function pick(key: string): void {
  const one = store.picture?.aircraft[Number(key) - 1];
  if (one) store.select(one.sysid);
}

function seen(): void {
  const group = firstOpen(store.picture?.alarms ?? []);
  if (group) acknowledge(group);
}

/** All shortcuts. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], words: "key.select", act: pick },
  { keys: ["a"], words: "key.acknowledge", act: seen },
  { keys: ["c"], words: "key.commands", act: () => focus("sr-command-bar button, sr-command-bar input") },
  { keys: ["h"], words: "key.height", act: () => focus("[data-testid=entry-altitude]") },
  { keys: ["s"], words: "key.speed", act: () => focus("[data-testid=entry-airspeed]") },
  { keys: ["d"], words: "key.heading", act: () => focus("[data-testid=entry-heading]") },
  { keys: ["w"], words: "key.authority", act: () => focus("sr-authority button") },
  { keys: ["l"], words: "key.checklist", act: () => focus("sr-checklists .tick[aria-checked=false], sr-checklists .tick") },
  { keys: ["m"], words: "key.map", act: () => focus("sr-map svg.over") },
  { keys: ["e"], words: "key.plan", act: () => document.querySelector<HTMLElement>("[data-testid=map-edit]")?.click() },
  { keys: ["p"], words: "key.parameters", act: page("parameters") },
  { keys: ["r"], words: "key.replay", act: page("replay") },
  { keys: [","], words: "key.settings", act: page("settings") },
  { keys: ["?"], words: "key.help", act: page("help") },
  { keys: ["Escape"], words: "key.escape", act: () => openPage(null) },
];

/** Is somebody writing? Then only Escape is a shortcut. */
function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, select, textarea, [contenteditable]");
}

/** The shortcut of a key, if it is one. */
export function shortcut(key: string): Shortcut | undefined {
  return SHORTCUTS.find((one) => one.keys.includes(key.length === 1 ? key.toLowerCase() : key));
}

/** Listen on the whole page. */
export function listenForKeys(): void {
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (writing(event.target) && event.key !== "Escape") return;
    const found = shortcut(event.key);
    if (!found) return;
    event.preventDefault();
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
    found.act(event.key);
  });
}
