/** How old a value may be before it is amber, and before it is struck out and no command may be built on it. */
import { known, type Maybe } from "../units";

/** Older than this is amber [s]. */
export const OLD_S = 2;
/** Older than this is struck out and carries no command [s]. */
export const DEAD_S = 5;

export type Freshness = "fresh" | "old" | "dead" | "unknown";

/** The class of an age in seconds. An unknown age counts as dead for commands, but is drawn as a dash. */
export function freshness(age_s: Maybe): Freshness {
  if (!known(age_s)) return "unknown";
  if (age_s > DEAD_S) return "dead";
  return age_s > OLD_S ? "old" : "fresh";
}

/** The age of a value now: its age when the picture was made, plus how long ago the picture came. */
export function ageNow(age_s: Maybe, received_ms: number, now_ms: number): number | null {
  return known(age_s) ? age_s + Math.max(0, now_ms - received_ms) / 1000 : null;
}

/** May a command be built on values of this age? */
export function commandable(age_s: Maybe): boolean {
  const state = freshness(age_s);
  return state === "fresh" || state === "old";
}

/** The oldest of several ages; unknown where none is known. */
export function oldest(...ages: Maybe[]): number | null {
  const given = ages.filter(known);
  return given.length ? Math.max(...given) : null;
}
