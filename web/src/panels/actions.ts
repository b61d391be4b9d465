/** What the hands may do: each act goes to the station as one message; the screen changes when the aircraft answers. */
import { store, type Store } from "../store";
import type { Aircraft, Asked, Authority } from "../wire";
import { commandable, oldest } from "./age";

let count = 0;
const session = Math.random().toString(36).slice(2, 8);

/** An id that nobody else uses. */
export function freshId(): string {
  return `p${session}-${++count}`;
}

/** Send one message to the station. */
export function send(asked: Asked): void {
  store.send(asked);
}

/** Ask for a step of who commands; all levels of the aircraft at once where none is named. */
export function authority(sysid: number, step: Authority["step"], more: Partial<Authority> = {}): void {
  send({ t: "authority", id: freshId(), sysid, step, loi: 0, ...more });
}

export type Bar = "role" | "not_yours" | "free" | "neutral" | "stale" | "replay" | "gone" | null;

/** What speaks against commanding this aircraft from here now; null: nothing. */
export function bar(aircraft: Aircraft, from: Store = store): Bar {
  const why = barred(aircraft, aircraft.mine, aircraft.holder.loi4, from);
  return from.picture?.seat.role === "payload" && why !== "gone" && why !== "replay" ? "role" : why;
}

/** What speaks against commanding its camera: that is level 3, which another seat or station may hold. */
export function cameraBar(aircraft: Aircraft, from: Store = store): Bar {
  const holder = aircraft.holder.loi3 || aircraft.holder.loi4;
  return barred(aircraft, holder !== null && holder === from.seat, holder, from);
}

function barred(aircraft: Aircraft, mine: boolean, holder: number | null, from: Store): Bar {
  if (from.link !== "open") return "gone";
  if (from.picture?.replaying) return "replay";
  if (!mine) return holder ? "not_yours" : "free";
  if (aircraft.neutral) return "neutral";
  const age = from.ageOf(oldest(aircraft.age.status, aircraft.age.position));
  return aircraft.usable && commandable(age) ? null : "stale";
}
