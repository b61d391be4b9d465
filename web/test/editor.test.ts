import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Asked, Check, Item, Picture, Route } from "../src/wire";
import {
  DO_JUMP, DO_SET_ROI_LOCATION, FENCE_CIRCLE_EXCLUSION, FENCE_POLYGON_INCLUSION, FRAME_SEA, made, NAV_ARC_WAYPOINT, NAV_LAND, NAV_LOITER_TO_ALT, NAV_LOITER_TURNS, NAV_RETURN_TO_LAUNCH,
  KINDS, NAV_TAKEOFF, NAV_WAYPOINT, RALLY_POINT,
} from "../src/editor/commands";
import { faults } from "../src/editor/faults";
import { History } from "../src/editor/history";
import { glideStart, landingItems, leaving, slopeOf } from "../src/editor/landing";
import { changed, insert, insertCorner, move, remove, retyped, withParam } from "../src/editor/ops";
import { readPlan, writePlan } from "../src/editor/planfile";
import { Session } from "../src/editor/session";
import { ahead, altitudeOf, lengthOf, stretch, trace } from "../src/editor/trace";
import { areas } from "../src/map/fence";
import { bearing, beyond, distance, RADIANS, type Place } from "../src/map/projection";
import { Store } from "../src/store";

const at = (longitude: number, latitude: number): Place => ({ latitude: latitude * RADIANS, longitude: longitude * RADIANS });
const point = (longitude: number, altitude = 3000): Item => made(NAV_WAYPOINT, at(longitude, 40), altitude);
const jump = (to: number): Item => ({ ...made(DO_JUMP, null, null), params: [to, 2, 0, 0] });
const corner = (longitude: number, latitude: number, count: number): Item => ({ ...made(FENCE_POLYGON_INCLUSION, at(longitude, latitude), null), params: [count, 0, 0, 0] });
const SQUARE = [corner(30, 40, 4), corner(31, 40, 4), corner(31, 41, 4), corner(30, 41, 4)];

/** A reproducible stream of numbers in 0..1. */
function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

describe("operations on items", () => {
  it("let every jump keep meaning the item it meant, in 500 random edits", () => {
    const random = stream(7);
    let items: Item[] = [point(30), point(31), jump(0), point(32), jump(3), point(33), jump(5)];
    let next = 34;
    for (let i = 0; i < 500; i++) {
      const meant = items.map((item) => (item.command === DO_JUMP ? items[item.params[0] as number] : null));
      const roll = random();
      const index = Math.floor(random() * items.length);
      const before = items;
      if (roll < 0.4 || items.length < 7) items = insert(items, index, point(next++));
      else if (roll < 0.8) items = move(items, index, Math.floor(random() * items.length));
      else if (items[index]?.command !== DO_JUMP && !meant.includes(items[index] as Item)) items = remove(items, index);
      const places = (list: readonly (Item | null | undefined)[]) => list.map((one) => one?.longitude);
      const now = items.filter((item) => item.command === DO_JUMP).map((item) => items[item.params[0] as number]);
      const then = before.flatMap((item, k) => (item.command === DO_JUMP ? [meant[k]] : []));
      expect(places(now).sort()).toEqual(places(then).sort());
    }
  });

  it("leave the list they were given as it was", () => {
    const items = Object.freeze([Object.freeze(point(30)), Object.freeze(jump(0)), Object.freeze(point(31))]) as Item[];
    insert(items, 1, point(32));
    remove(items, 0);
    move(items, 2, 0);
    changed(items, 0, { altitude: 1 });
    withParam(items, 1, 1, 9);
    retyped(items, 0, NAV_LOITER_TURNS);
    expect(items.map((item) => item.longitude)).toEqual([30 * RADIANS, null, 31 * RADIANS]);
  });

  it("keep place and height when an item becomes another kind", () => {
    const [item] = retyped([point(30, 2500)], 0, NAV_LOITER_TURNS);
    expect(item).toMatchObject({ command: NAV_LOITER_TURNS, altitude: 2500, longitude: 30 * RADIANS, frame: FRAME_SEA });
    const back = retyped(retyped([point(30, 2500), point(31)], 1, NAV_RETURN_TO_LAUNCH), 1, NAV_WAYPOINT);
    expect(back[1]?.altitude).toBe(2500);
  });

  it("count the corners of a fence anew", () => {
    const five = insertCorner(SQUARE, 1, at(31.5, 40.5));
    expect(five.map((item) => item.params[0])).toEqual([5, 5, 5, 5, 5]);
    expect(five[2]?.longitude).toBeCloseTo(31.5 * RADIANS, 12);
    expect(remove(five, 4).map((item) => item.params[0])).toEqual([4, 4, 4, 4]);
    const two = remove([...SQUARE, ...SQUARE], 5);
    expect(areas(two).map((area) => area.points.length)).toEqual([4, 3]);
  });
});

describe("undo", () => {
  it("goes back through every state and forth again; a drag is one step", () => {
    const history = new History(0);
    history.set(1);
    for (let i = 2; i < 20; i++) history.set(i, "drag");
    history.settle();
    history.set(20, "drag");
    history.undo();
    expect(history.present).toBe(19);
    history.undo();
    expect(history.present).toBe(1);
    history.undo();
    expect([history.present, history.canUndo]).toEqual([0, false]);
    history.redo();
    history.redo();
    expect(history.present).toBe(19);
    history.set(99);
    expect(history.canRedo).toBe(false);
  });
});

describe("the way", () => {
  it("has the length of its legs and its parts", () => {
    const way = trace([point(30), point(31), point(32)], { home: null });
    const points = ahead(way, 0, null);
    const whole = lengthOf(points);
    expect(whole).toBeCloseTo(2 * distance(at(30, 40), at(31, 40)), 3);
    const part = stretch(points, whole * 0.25, whole * 0.75);
    // the middle half again; a straight on the map against the great circle: under 1e-4 of a leg of 85 km
    expect(Math.abs(lengthOf(part) / whole - 0.5)).toBeLessThan(1e-4);
  });

  it("goes from the aircraft over every item that is left, the first among them", () => {
    const way = trace([point(30), jump(0), point(31), point(32)], { home: null });
    const start = { ...at(29, 40), altitude: 2000 };
    const degrees = (points: readonly Place[]) => points.map((one) => Math.round(one.longitude / RADIANS));
    expect(degrees(ahead(way, 0, start))).toEqual([29, 30, 31, 32]);
    expect(degrees(ahead(way, 1, start))).toEqual([29, 31, 32]);
    expect(degrees(ahead(way, 3, start))).toEqual([29, 32]);
    expect(degrees(ahead(way, 0, null))).toEqual([30, 31, 32]);
    expect(degrees(ahead(way, 4, start))).toEqual([29]);
    expect(degrees(ahead(trace([point(33)], { home: null }), 0, start))).toEqual([29, 33]);
  });

  it("turns an arc by the angle that the item says", () => {
    for (const swept of [90, -90, 200, -300]) {
      const arc: Item = { ...made(NAV_ARC_WAYPOINT, at(30.2, 40.1), 3000), params: [swept, 0, 0, 0] };
      const points = trace([made(NAV_WAYPOINT, at(30, 40), 1000), arc], { home: null }).legs[0]?.points ?? [];
      let turned = 0;
      for (let i = 2; i < points.length; i++) {
        const [a, b, c] = [points[i - 2], points[i - 1], points[i]] as [Place, Place, Place];
        const step = bearing(b, c) - bearing(a, b);
        turned += Math.atan2(Math.sin(step), Math.cos(step));
      }
      const whole = (turned * (points.length - 1)) / (points.length - 2) / RADIANS;
      // a 20 km arc on a sphere: meridians converge by a tenth of a degree; 0.5 degree leaves room
      expect(Math.abs(whole - swept)).toBeLessThan(0.5);
      expect(points.at(-1)?.altitude).toBe(3000);
    }
  });

  it("knows heights above home and above ground", () => {
    const home = { ...at(30, 40), altitude: 900 };
    expect(altitudeOf({ ...point(30, 100), frame: 3 }, 0, { home })).toBe(1000);
    expect(altitudeOf({ ...point(30, 100), frame: 10 }, 1, { home, ground: [0, 450] })).toBe(550);
    expect(altitudeOf({ ...point(30, 100), frame: 11 }, 1, { home })).toBeNull();
  });
});

const FIELD = { name: "LTAC", title: null, ...at(33, 40), altitude: 950, home: true, closed: false, runways: [] };
const RUNWAY = { name: "21", course: 210 * RADIANS, ...at(33.01, 40.02), length: 3000 };

describe("the landing pattern", () => {
  it("glides at the slope that was asked for, on the centre line", () => {
    for (const slope_deg of [2.5, 3, 5]) {
      for (const radius of [900, -900]) {
        const items = landingItems({ field: FIELD, runway: RUNWAY, slope: slope_deg * RADIANS, height: 600, radius });
        // flat against round Earth over 14 km, and the tangent of a circle: well under a hundredth of a degree
        expect((slopeOf(items, 2) ?? 0) / RADIANS).toBeCloseTo(slope_deg, 2);
        const circle = items[1] as Item;
        const left = leaving({ latitude: circle.latitude as number, longitude: circle.longitude as number }, radius, RUNWAY);
        // the meridians converge by 0.05 degrees over the glide's 14 km
        expect(Math.abs(bearing(left, RUNWAY) / RADIANS - 210)).toBeLessThan(0.1);
        expect(distance(left, glideStart({ field: FIELD, runway: RUNWAY, slope: slope_deg * RADIANS, height: 600, radius }))).toBeLessThan(5);
      }
    }
  });

  it("leaves the circle in the direction it turns", () => {
    const centre = at(33, 40);
    const right = leaving(centre, 1000, beyond(centre, 0, 10000));
    expect(right.longitude).toBeLessThan(centre.longitude);
    expect(leaving(centre, -1000, beyond(centre, 0, 10000)).longitude).toBeGreaterThan(centre.longitude);
  });

  it("survives the way through a plan file and back", () => {
    const mission = [point(32), ...landingItems({ field: FIELD, runway: RUNWAY, slope: 3 * RADIANS, height: 600, radius: 900 })];
    const back = readPlan(writePlan({ mission, fence: [], rally: [], lost_link: [] }, null)).mission;
    expect(back.map((item) => item.command)).toEqual(mission.map((item) => item.command));
    expect(slopeOf(back, 3)).toBeCloseTo(slopeOf(mission, 3) as number, 6);
  });
});

describe("plan files", () => {
  it("come back as they were written", () => {
    const circle: Item = { ...made(FENCE_CIRCLE_EXCLUSION, at(33, 41), null), params: [5000, 0, 0, 0] };
    const plan = { mission: [point(30), jump(0), point(31)], fence: [...SQUARE, circle], rally: [made(RALLY_POINT, at(30, 39), 2000)], lost_link: [point(35, 1200)] };
    const back = readPlan(writePlan(plan, { ...at(33, 40), altitude: 950 }));
    for (const kind of ["mission", "fence", "rally", "lost_link"] as const) {
      expect(back[kind].map((item) => [item.command, item.frame])).toEqual(plan[kind].map((item) => [item.command, item.frame]));
      back[kind].forEach((item, i) => {
        const old = plan[kind][i] as Item;
        // nine decimals of a degree are a tenth of a millimetre
        if (old.latitude !== null) expect(distance(item as Place, old as Place)).toBeLessThan(1e-3);
        expect(item.altitude).toBe(old.altitude);
        expect(item.params[0]).toBe(old.params[0]);
      });
    }
  });

  it("take QGroundControl's landing pattern apart and understand its jump numbers", () => {
    const text = JSON.stringify({
      fileType: "Plan", version: 1, geoFence: { circles: [], polygons: [], version: 2 }, rallyPoints: { points: [], version: 2 },
      mission: {
        items: [
          { type: "SimpleItem", autoContinue: true, command: 16, doJumpId: 1, frame: 3, params: [0, 0, 0, null, 40, 33, 500] },
          { type: "ComplexItem", complexItemType: "fwLandingPattern", landCoordinate: [40.1, 33.1, 0], landingApproachCoordinate: [40.2, 33.2, 60], loiterRadius: 80, loiterClockwise: false, altitudesAreRelative: true },
          { type: "SimpleItem", autoContinue: true, command: 177, doJumpId: 6, frame: 2, params: [1, 3, 0, 0, 0, 0, 0] },
        ],
      },
    });
    const { mission } = readPlan(text);
    expect(mission.map((item) => item.command)).toEqual([16, 189, NAV_LOITER_TO_ALT, NAV_LAND, DO_JUMP]);
    expect(mission[2]?.params[1]).toBe(-80);
    expect(mission[2]?.frame).toBe(3);
    expect(mission[4]?.params[0]).toBe(0);
  });

  it("say what is wrong instead of half reading", () => {
    for (const text of ["", "{}", "[1]", '{"fileType":"Plan","mission":{"items":[{"type":"SimpleItem","command":16,"params":[1]}]}}', '{"fileType":"Plan","mission":{"items":[7]}}']) {
      expect(() => readPlan(text)).toThrow();
    }
  });
});

describe("plain mistakes", () => {
  const keys = (items: Item[], kind: "mission" | "fence" | "rally" = "mission") => faults(items, kind).map((one) => one.key);
  const home = made(NAV_RETURN_TO_LAUNCH, null, null);
  const arc = (angle: number): Item => ({ ...made(NAV_ARC_WAYPOINT, at(30.5, 40), 3000), params: [angle, 0, 0, 0] });

  it("are found", () => {
    expect(keys([point(30), jump(9), home])).toEqual(["jump_target"]);
    expect(keys([{ ...point(30), altitude: null }, home])).toEqual(["no_height"]);
    expect(keys([made(NAV_WAYPOINT, null, 100), home])).toEqual(["no_place"]);
    expect(keys([made(DO_SET_ROI_LOCATION, at(30, 40), null), home])).toEqual(["no_height"]);
    expect(keys([made(RALLY_POINT, at(30, 40), null)], "rally")).toEqual(["no_height"]);
    for (const angle of [0.5, -0.5, 359.5]) expect(keys([point(30), arc(angle), home])).toEqual(["arc_angle"]);
    expect(keys(SQUARE.slice(0, 2), "fence")).toEqual(["few_corners"]);
    expect(keys([corner(30, 40, 4), corner(31, 41, 4), corner(31, 40, 4), corner(30, 41, 4)], "fence")).toEqual(["crossing"]);
  });

  it("are told and no more where the aircraft flies it: no end of its own, nothing at all", () => {
    expect(faults([point(30)], "mission")).toEqual([{ item: null, key: "no_landing", severity: "warning" }]);
    expect(faults([], "mission")).toEqual([{ item: null, key: "empty", severity: "warning" }]);
    expect(faults([point(30), jump(9)], "mission").map((one) => one.severity)).toEqual(["error", "warning"]);
  });

  it("are not found where there are none", () => {
    expect(keys([point(30), home])).toEqual([]);
    for (const angle of [1, -1, 355, -359, 359]) expect(keys([point(30), arc(angle), home])).toEqual([]);
    expect(keys([made(NAV_ARC_WAYPOINT, at(30, 40), 100), home])).toEqual([]); // from home
    expect(keys([made(NAV_TAKEOFF, null, 1500), home])).toEqual([]); // from where it stands
    expect(keys([made(NAV_WAYPOINT, at(30, 40), 6000), made(NAV_LAND, at(30.05, 40), 100)])).toEqual([]); // circles down
    expect(keys([point(30), point(31), jump(0.5), home])).toEqual([]);
    expect(keys(SQUARE, "fence")).toEqual([]);
    expect(keys([made(RALLY_POINT, at(30, 40), 2000)], "rally")).toEqual([]);
  });
});

describe("numbers that can be typed", () => {
  const rules = readFileSync(new URL("../../src/samruk/rules/items.py", import.meta.url), "utf8");
  const limits = rules.slice(rules.indexOf("LIMITS: dict"), rules.indexOf('"""Command: parameter: least, most'));
  const number = (words: string) => Number(words.trim().replace("LARGEST - 1.0", "499"));

  /** Least and most of a parameter as the aircraft's rules have them. */
  function allowed(command: number, index: number): [number, number] | null {
    const name = new RegExp(`^    (\\w+) = ${command}$`, "m").exec(rules)?.[1];
    const line = new RegExp(`Cmd\\.${name}: (\\{.*\\}),`).exec(limits)?.[1] ?? "";
    const pair = new RegExp(`\\b${index + 1}: \\(([^,]+), ([^,]+), `).exec(line);
    return pair ? [number(pair[1] as string), number(pair[2] as string)] : null;
  }

  it("are those of the aircraft's rules, no fewer and no more", () => {
    const typed = KINDS.flatMap((kind) => kind.parameters.map((one) => ({ kind, one }))).filter(({ kind, one }) => allowed(kind.command, one.index));
    expect(typed.length).toBeGreaterThan(9);
    for (const { kind, one } of typed) expect([kind.key, one.key, one.least, one.most]).toEqual([kind.key, one.key, ...(allowed(kind.command, one.index) as number[])]);
  });
});

/** A store with a socket that only remembers. */
function bench(mine = true) {
  const sent: Asked[] = [];
  const socket = { binaryType: "", onopen: null as (() => void) | null, onclose: null, onerror: null, onmessage: null, readyState: 1, send: (text: string) => sent.push(JSON.parse(text) as Asked), close: () => undefined };
  const store = new Store({ connect: () => socket as never, now: () => 0, later: () => 0, cancel: () => undefined });
  store.open("ws://here");
  socket.onopen?.();
  const one = { sysid: 1, mine, usable: true, neutral: false, holder: { loi4: mine ? 241 : 242 }, place: { altitude: 1500 }, home: null, versions: {} };
  const picture = (pending: unknown[] = []) => store.take({ t: "picture", n: 1, wall_ms: 1, seat: { sysid: 241 }, aircraft: [one], pending } as unknown as Picture);
  picture();
  store.take({ t: "route", sysid: 1, kind: "mission", version: 12, items: [point(30), point(31), made(NAV_RETURN_TO_LAUNCH, null, null)], lands_s: null, lands_at: null } as Route);
  let due: (() => void) | null = null;
  const session = new Session(store, 1, () => undefined, (run) => ((due = run), 1), () => (due = null));
  const answer = (ok: boolean, problems: Check["problems"] = []) => {
    due?.();
    const asked = sent.filter((message) => message.t === "check").at(-1) as Extract<Asked, { t: "check" }>;
    session.heard({ t: "check", id: asked.id, sysid: 1, kind: asked.kind, ok, problems, ground: [] });
  };
  return { sent, session, answer, store, picture };
}

describe("flying from an item", () => {
  function flying(mode: string, more: object = {}) {
    const all = bench();
    const age = { position: 0.1, status: 0.1 };
    const one = { sysid: 1, mine: true, usable: true, neutral: false, landed: false, age, mode: { now: mode }, holder: { loi4: 241 }, place: { altitude: 1500 }, home: null, versions: {}, ...more };
    all.store.take({ t: "picture", n: 2, wall_ms: 2, seat: { sysid: 241 }, aircraft: [one], pending: [] } as unknown as Picture);
    return all;
  }

  it("makes the item the current one while the mission is flown, and takes the mission up there otherwise", () => {
    for (const [mode, kind] of [["route", "leg"], ["hold", "route"], ["return", "route"]] as const) {
      const { session, sent } = flying(mode);
      session.fly(1);
      expect(sent.at(-1)).toMatchObject({ t: "command", sysid: 1, kind, leg: 1 });
    }
  });

  it("waits until the aircraft holds the list, flies and is ours", () => {
    const { session, sent } = flying("route");
    expect(session.canFly).toBe(true);
    session.place(1, at(31, 41));
    expect(session.canFly).toBe(false);
    session.fly(1);
    for (const more of [{ landed: true }, { mine: false }, { neutral: true }, { usable: false }]) expect(flying("route", more).session.canFly).toBe(false);
    expect(sent.filter((message) => message.t === "command")).toEqual([]);
  });
});

describe("an upload", () => {
  it("waits for the check of just these items", () => {
    const { session, answer, sent } = bench();
    expect(session.bar).toBe("nothing");
    session.place(1, at(31, 41));
    expect(session.bar).toBe("checking");
    answer(true);
    expect(session.bar).toBe("ready");
    session.raise(1, 2000);
    expect(session.bar).toBe("checking");
    session.send();
    expect(sent.some((message) => message.t === "upload")).toBe(false);
    answer(false, [{ item: 1, severity: "error", words: "below the terrain" }]);
    expect(session.bar).toBe("refused");
    session.send();
    expect(sent.some((message) => message.t === "upload")).toBe(false);
    session.undo();
    answer(true);
    session.send();
    const upload = sent.find((message) => message.t === "upload") as Extract<Asked, { t: "upload" }>;
    expect(upload.items[1]?.latitude).toBeCloseTo(41 * RADIANS, 12);
  });

  it("is the holder's alone", () => {
    const { session, answer, sent } = bench(false);
    session.place(1, at(31, 41));
    answer(true);
    expect(session.bar).toBe("not_yours");
    session.send();
    expect(sent.some((message) => message.t === "upload")).toBe(false);
  });

  it("is refused before the server is asked where the mistake is plain", () => {
    const { session, answer } = bench();
    session.remove(2);
    answer(true);
    expect(session.bar).toBe("ready"); // no end of its own: told, and flown
    session.change([...session.items, jump(9)]);
    answer(true);
    expect(session.bar).toBe("refused");
    expect([...session.refused]).toEqual([2]);
  });

  it("is done when the aircraft says so, and the draft is clean only then", () => {
    const { session, answer, store, picture } = bench();
    session.raise(0, 2222);
    answer(true);
    session.send();
    const { id } = session.upload as { id: string };
    const state = { id, sysid: 1, kind: "upload", words: "", reason: "", asked_ms: 0, changed_ms: 0, tries: 1, progress: { done: 1, all: 3 } };
    picture([{ ...state, state: "sent" }]);
    session.watch();
    expect([session.bar, session.dirty]).toEqual(["going", true]);
    picture([{ ...state, state: "refused", reason: "terrain" }]);
    session.watch();
    expect(session.dirty).toBe(true);
    session.send();
    const again = (session.upload as { id: string }).id;
    store.take({ t: "route", sysid: 1, kind: "mission", version: 13, items: [...session.items], lands_s: null, lands_at: null } as Route);
    picture([{ ...state, id: again, state: "done" }]);
    session.watch();
    expect([session.dirty, session.bar]).toEqual([false, "nothing"]);
  });

  it("says when the aircraft has got another plan meanwhile", () => {
    const { session, store } = bench();
    session.raise(0, 2000);
    expect(session.overtaken).toBe(false);
    store.take({ t: "route", sysid: 1, kind: "mission", version: 14, items: [point(35)], lands_s: null, lands_at: null } as Route);
    session.routeHeard("mission");
    expect(session.overtaken).toBe(true);
    expect(session.items.length).toBe(3);
  });
});

describe("the catalogue", () => {
  it("has both languages for every key of map and editor", async () => {
    const { en, tr } = await import("../src/words/map");
    expect(Object.keys(tr).sort()).toEqual(Object.keys(en).sort());
    const holes = (text: unknown) => [...String(text).matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect([key, holes(tr[key])]).toEqual([key, holes(en[key])]);
  });
});
