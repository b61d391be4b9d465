/** Words of the map, the profile and the mission editor. */
import type { Phrase } from "../i18n";

export const en = {} as const satisfies Record<string, Phrase>;
export const tr = {} as const satisfies Record<keyof typeof en, Phrase>;
