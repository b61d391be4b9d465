/** Where each aircraft has been: what this page saw, before it what the strip tells. */
import type { Store } from "../store";
import { known } from "../units";
import { distance, type Place } from "./projection";

/** A new point of a trail at least so far from the last [m], and so many of them. */
const STEP = 60;
const MOST = 2000;

interface Seen extends Place {
  readonly sim_s: number;
}

export class Trails {
  private readonly seen = new Map<number, Seen[]>();

  /** Take the newest picture's places. */
  note(store: Store): void {
    const sim_s = store.picture?.sim_s ?? 0;
    for (const { sysid, place, age } of store.picture?.aircraft ?? []) {
      if (!known(place.latitude) || !known(place.longitude) || (age.position ?? 9) > 2) continue;
      const trail = this.seen.get(sysid) ?? [];
      this.seen.set(sysid, trail);
      const last = trail.at(-1);
      if (last && last.sim_s > sim_s) trail.length = 0;
      const now: Seen = { latitude: place.latitude, longitude: place.longitude, sim_s };
      if (!last || distance(last, now) >= STEP) trail.push(now);
      if (trail.length > MOST) this.seen.set(sysid, trail.filter((_, i) => i % 2 === 1));
    }
  }

  /** All trails, each from its beginning. */
  all(store: Store): Map<number, Place[]> {
    const trails = new Map<number, Place[]>();
    for (const [sysid, trail] of this.seen) trails.set(sysid, [...before(store, sysid, trail[0]?.sim_s ?? Infinity), ...trail]);
    return trails;
  }
}

function before(store: Store, sysid: number, until_s: number): Place[] {
  const strip = store.latest("strip", sysid);
  if (!strip) return [];
  const places: Place[] = [];
  for (let i = 0; i < strip.now && (strip.s[i] ?? Infinity) < until_s; i++) {
    const [latitude, longitude] = [strip.latitude[i], strip.longitude[i]];
    if (known(latitude) && known(longitude)) places.push({ latitude, longitude });
  }
  return places;
}
