import { afterEach, describe, expect, it } from "vitest";
import { picture, prediction } from "../../fake/day.mjs";
import { setLanguage } from "../../src/i18n";
import { bar } from "../../src/panels/actions";
import { cell, open } from "../../src/panels/authority";
import { ahead, nextItem, shown } from "../../src/panels/checklists";
import { ENTRIES, newest, PROTECTIONS, readEntry, stepOf } from "../../src/panels/command-bar";
import { groundNearness, heightTape, iceName, speedTape, stallNearness } from "../../src/panels/flight-display";
import { barShare, bingoNear } from "../../src/panels/fuel";
import { HOLD_MS, progress } from "../../src/panels/hold";
import { bearerNumber, nextGap, trace } from "../../src/panels/links";
import { commander, soon } from "../../src/panels/mode-line";
import { bestMargin, bingo } from "../../src/panels/numbers";
import { share } from "../../src/panels/replay";
import { token } from "../../src/panels/top";
import { shortcut } from "../../src/keyboard";
import { store } from "../../src/store";
import type { Aircraft, CommandState, Picture } from "../../src/wire";

const scene = (name: string): Picture => picture(name, 0);
const first = (name = "quiet"): Aircraft => scene(name).aircraft[0]!;

afterEach(() => {
  setLanguage("en");
  store.link = "connecting";
  store.picture = null;
});

describe("who may command", () => {
  const live = (name: string) => {
    store.link = "open";
    store.take(scene(name));
    return store.picture!.aircraft;
  };
  it("is the holder, with fresh data", () => {
    const all = live("quiet");
    expect(bar(all[0]!)).toBeNull();
    expect(bar(all[1]!)).toBe("not_yours");
  });
  it("is nobody at a seat for the camera", () => {
    const [a] = live("quiet");
    store.picture = { ...store.picture!, seat: { ...store.picture!.seat, role: "payload" } };
    expect(bar(a!)).toBe("role");
    store.link = "gone";
    expect(bar(a!)).toBe("gone");
  });
  it("is nobody on data older than 5 s", () => {
    expect(bar(live("link_loss")[0]!)).toBe("stale");
    expect(bar(live("stale")[0]!)).toBeNull(); // amber at 3 s: still commandable
  });
  it("is nobody before regained command is taken, in a replay, or without the station", () => {
    const [a] = live("quiet");
    expect(bar({ ...a!, neutral: true })).toBe("neutral");
    store.picture = { ...store.picture!, replaying: true };
    expect(bar(a!)).toBe("replay");
    store.link = "gone";
    expect(bar(a!)).toBe("gone");
  });
  it("shows in the cells and in the token", () => {
    const p = scene("quiet");
    expect(p.stations.map((site) => cell(p.aircraft[0]!, site, 241))).toEqual(["you", "none", "none"]);
    expect(p.stations.map((site) => cell(p.aircraft[1]!, site, 241))).toEqual(["none", "holds", "none"]);
    expect(token(p.aircraft)).toBe("You command 01");
    expect(token([])).toBe("You command none");
  });
  it("waits for every differing value of a hand-over", () => {
    const [offer] = scene("alarm").offers;
    expect(open(offer!.differences)).toBe(2);
    expect(open(offer!.differences.map((d) => ({ ...d, accepted: true })))).toBe(0);
  });
});

describe("an entry", () => {
  const [height, speed, heading] = ENTRIES;
  it("is read in the shown unit, with spaces and comma", () => {
    expect(readEntry("13 940", height!)).toEqual({ ok: true, value: expect.closeTo(13940 * 0.3048, 6) });
    expect(readEntry("72,5", speed!)).toEqual({ ok: true, value: expect.closeTo((72.5 * 1852) / 3600, 6) });
    expect(readEntry("360", heading!)).toEqual({ ok: true, value: expect.closeTo(0, 9) });
  });
  it("is refused when it is none or out of range", () => {
    for (const bad of ["", "abc", "1e", "12 3x"]) expect(readEntry(bad, height!).ok).toBe(false);
    expect(readEntry("99999", height!)).toEqual({ ok: false, why: "refused.out_of_range" });
    expect(readEntry("361", heading!).ok).toBe(false);
    expect(readEntry("-10", heading!).ok).toBe(false);
  });
});

describe("a command", () => {
  const state = (id: string, asked_ms: number, sysid = 1): CommandState => ({ id, sysid, kind: "hold", words: "", state: "done", reason: "", asked_ms, changed_ms: 0, tries: 1, progress: null });
  it("walks requested, accepted, done and stops where it fails", () => {
    expect((["requested", "sent", "accepted", "refused", "timeout", "done"] as const).map(stepOf)).toEqual([0, 0, 1, 1, 1, 2]);
  });
  it("tells of the newest of its aircraft", () => {
    expect(newest([state("a", 1), state("b", 3), state("c", 9, 2)], 1)?.id).toBe("b");
    expect(newest([state("old", 1.8e12), state("new, by the page's own clock", 5000)], 1)?.id).toBe("new, by the page's own clock");
  });
  it("that cannot be undone needs 1.5 s", () => {
    expect(progress(null, 99)).toBe(0);
    expect(progress(1000, 1000 + HOLD_MS - 1)).toBeLessThan(1);
    expect(progress(1000, 1000 + HOLD_MS)).toBe(1);
  });
});

describe("limits light only as they are approached", () => {
  it("for the stall", () => {
    expect(stallNearness(first())).toBe("rest");
    expect(stallNearness(first("alarm"))).toBe("near");
    expect(stallNearness({ ...first(), ice: { ...first().ice, stall_margin: 0.09 } })).toBe("past");
    expect(stallNearness({ ...first(), landed: true, ice: { ...first().ice, stall_margin: -1 } })).toBe("rest");
  });
  it("for the ground, but not in a landing", () => {
    const low = (agl: number, phase: Aircraft["phase"]): Aircraft => ({ ...first(), phase, place: { ...first().place, agl } });
    expect(groundNearness(low(2000, "air"))).toBe("rest");
    expect(groundNearness(low(250, "air"))).toBe("near");
    expect(groundNearness(low(100, "air"))).toBe("past");
    expect(groundNearness(low(100, "landing"))).toBe("rest");
  });
  it("for fuel, at the last field in reach", () => {
    const f = (name: string, bingo_s: number) => ({ name, needed: null, flight_s: null, bingo_s });
    const all = [f("a", -60), f("b", 900)];
    expect(all.map((one) => bingoNear(one, all))).toEqual(["rest", "near"]);
    expect(all.map((one) => barShare(one, all))).toEqual([0, 1]);
    expect(bingoNear(f("c", -1), [f("c", -1)])).toBe("past");
  });
});

describe("the tapes", () => {
  it("show what the read-outs say", () => {
    expect(speedTape(36.6).shown).toBeCloseTo(71.1, 1); // kt
    expect(heightTape(4249).shown).toBeCloseTo(13940, 0); // ft
  });
});

describe("what lies ahead", () => {
  it("is sorted, in the future, and names the gaps", () => {
    const list = ahead(first(), prediction(1).gaps);
    expect(list.map((one) => one.at_s)).toEqual([...list.map((one) => one.at_s)].sort((a, b) => a - b));
    expect(list[0]!.words).toBe("Satellite alone for 12 min");
    expect(list.some((one) => one.words === "No link for 3 min")).toBe(true);
  });
  it("finds the next gap of all bearers", () => {
    expect(nextGap(prediction(1).gaps)?.start_s).toBe(19380);
  });
  it("names a bearer by its own number, whatever else is in reach", () => {
    expect(["line_of_sight", "satellite"].map(bearerNumber)).toEqual([1, 2]);
  });
  it("breaks the margin's curve where nothing is known", () => {
    const at = (s: number, los_db: number | null) => ({ s, distance: 0, los_db, satellite_db: null });
    expect(trace([at(0, 5), at(60, 6), at(120, null), at(180, 7), at(240, 7), at(9000, 1)], "los_db").map((run) => run.length)).toEqual([2, 2]);
    expect(trace([at(0, 5)], "satellite_db")).toEqual([]);
  });
  it("says heading and height of the next minute", () => {
    expect(soon(first())).toBe("272°, level");
    expect(soon({ ...first(), mode: { ...first().mode, altitude: 5334 } })).toBe("272°, ↑ 17\u00a0500");
  });
  it("says who commanded", () => {
    expect(commander(first(), 241)).toBe("you");
    expect(commander(first(), 242)).toBe("S1");
    expect(commander(first("warning"), 241)).toBe("itself");
  });
});

describe("checklists", () => {
  it("open the one that an alarm opened", () => {
    const lists = scene("alarm").checklists;
    expect(shown([...lists].reverse(), null)?.id).toBe("ice");
    expect(shown(lists, "1:cloud")?.id).toBe("cloud");
    expect(nextItem(lists[0]!)?.id).toBe("leave");
  });
});

describe("the phone's numbers", () => {
  it("take the longest time to bingo and the bearer in use", () => {
    expect(bingo(first())).toBe(14.85 * 3600);
    expect(bestMargin(first())).toBeCloseTo(14.3, 0);
    expect(bestMargin({ ...first(), active_bearer: "satellite" })).toBeCloseTo(6.4, 0);
  });
});

describe("the keyboard", () => {
  it("knows its keys, large and small, and no others", () => {
    expect(shortcut("A")?.words).toBe("key.acknowledge");
    expect(shortcut("Escape")?.words).toBe("key.escape");
    expect(shortcut("x")).toBeUndefined();
  });
});

describe("the replay's time line", () => {
  it("keeps within its ends", () => {
    const line = { start_ms: 1000, end_ms: 3000 };
    expect([500, 2000, 9000].map((at) => share(at, line))).toEqual([0, 0.5, 1]);
    expect(share(5, { start_ms: 5, end_ms: 5 })).toBe(0);
  });
});

describe("ice protection", () => {
  const wing = (protection: string | null) => iceName({ ice: { protection } } as Parameters<typeof iceName>[0]);

  it("is asked for as the aircraft numbers it: automatic, on, off", () => {
    expect(PROTECTIONS.map((one) => [one.words, one.value])).toEqual([["command.ice_auto", -1], ["command.ice_on", 1], ["command.ice_off", 0]]);
  });

  it("is told beside the ice while it heats or cannot, and not while it rests", () => {
    expect(["off", "ready", null, "heating", "failed"].map(wing)).toEqual(["ice", "ice", "ice", "ice, heating", "ice, no heat"]);
  });
});
