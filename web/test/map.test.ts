import { describe, expect, it } from "vitest";
import { lostLinkLands } from "../src/map/still";
import { Store } from "../src/store";
import type { Profile, Route } from "../src/wire";

describe("the lost-link route on the map", () => {
  const route: Route = { t: "route", sysid: 1, kind: "lost_link", version: 9, items: [], lands_s: 6100, lands_at: "UACC" };
  const at = (s: number) => ({ s, distance: 35 * s, altitude: 900, ground: 300 });
  const profile = (...ends: number[]): Profile => ({ t: "profile", sysid: 1, points: [], lost_link: ends.map(at), marks: [], ceiling: null, freezing: null });

  it("lands as far ahead as the newest profile says, not as when the route was first heard", () => {
    const store = new Store();
    store.take(route);
    expect(lostLinkLands(store, route)).toBe(6100);
    store.take(profile(0, 1200, 7300));
    expect(lostLinkLands(store, route)).toBe(7300);
    store.take(profile());
    expect(lostLinkLands(store, route)).toBe(6100);
  });
});
