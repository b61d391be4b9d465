import { beforeEach, describe, expect, it } from "vitest";
import { t } from "../src/i18n";
import { eightAt, entries } from "../src/map/menu";
import { RADIANS } from "../src/map/projection";
import { Store } from "../src/store";
import type { Aircraft, Picture } from "../src/wire";
import { picture } from "./scene";

const PLACE = { latitude: 42 * RADIANS, longitude: 33 * RADIANS };
let store: Store;
const live = (a: Aircraft, role = "pilot") => entries(a, PLACE, role, store).filter((one) => one.live).map((one) => one.kind);
const all = (a: Aircraft, role = "pilot") => entries(a, PLACE, role, store).map((one) => one.kind);

/** The scene's first aircraft, ours, with what is different. */
function own(more: Partial<Aircraft> = {}, shown: Partial<Picture> = {}): Aircraft {
  const now = picture(1, 0);
  const a = { ...now.aircraft[0]!, ...more };
  store.take({ ...now, ...shown, aircraft: [a] });
  return a;
}

describe("the map's menu", () => {
  beforeEach(() => {
    const socket = { onopen: null as (() => void) | null, send: () => undefined, close: () => undefined };
    store = new Store({ connect: () => socket as never, now: () => 0, later: () => 0, cancel: () => undefined });
    store.open("ws://here");
    socket.onopen?.();
  });

  it("sends the aircraft there, lets it hold there in a circle or an eight, and turns the camera there and back", () => {
    const a = own();
    expect(live(a)).toEqual(["goto", "hold", "figure_eight", "point_at", "release_turret"]);
    for (const one of entries(a, PLACE, "pilot", store).slice(0, 4)) expect(one.body).toMatchObject(PLACE);
  });

  it("has nothing live where other commands are barred", () => {
    expect(live(own({ neutral: true }))).toEqual([]);
    expect(live(own({ usable: false }))).toEqual([]);
    expect(live(own({}, { replaying: true }))).toEqual([]);
    expect(live(own({ mine: false, holder: { loi3: 242, loi4: 242, loi5: 242 } }))).toEqual([]);
    expect(live(own({ landed: true }))).toEqual(["point_at", "release_turret"]);
    const a = own();
    store.close();
    store.link = "gone";
    expect(live(a)).toEqual([]);
  });

  it("gives the camera to whoever holds it, and a payload's seat the camera alone", () => {
    const lent = own({ holder: { loi3: 242, loi4: 241, loi5: 241 } });
    expect(live(lent)).toEqual(["goto", "hold", "figure_eight"]);
    const lentHere = own({ mine: false, holder: { loi3: 241, loi4: 242, loi5: 242 } });
    expect(all(lentHere, "payload")).toEqual(["point_at", "release_turret"]);
    expect(live(lentHere, "payload")).toEqual(["point_at", "release_turret"]);
  });

  it("makes an eight that the aircraft can turn at its speed, wider when it is faster", () => {
    const at = (speed: number) => eightAt(own({ v: { ground: speed, course: 0, climb: 0, calibrated: 36, true: speed } }), PLACE);
    for (const speed of [35, 46, 80]) {
      const bank = Math.atan((speed * speed) / (9.80665 * (at(speed).radius as number)));
      expect(bank).toBeLessThan(25 * RADIANS); // the autopilot's bank
      expect(at(speed).length as number).toBeGreaterThanOrEqual(2 * (at(speed).radius as number)); // its two circles do not overlap
    }
    expect(at(80).radius).toBeGreaterThan(at(46).radius as number);
  });

  it("names the aircraft in every entry", () => {
    for (const one of entries(own(), PLACE, "pilot", store)) expect(t(one.words, { name: "01" })).toContain("01");
  });
});
