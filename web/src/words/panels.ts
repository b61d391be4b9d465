/** Words of the panels. */
import type { Phrase } from "../i18n";

export const en = { "act.ok": "OK" } as const satisfies Record<string, Phrase>;
export const tr = { "act.ok": "Tamam" } as const satisfies Record<keyof typeof en, Phrase>;
