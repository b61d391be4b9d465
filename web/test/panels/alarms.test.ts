import { describe, expect, it } from "vitest";
import { counts, grouped } from "../../src/panels/alarm-view";
import { TONES, heard, wanted } from "../../src/sound";
import type { Alarm } from "../../src/wire";

const alarm = (id: number, level: Alarm["level"], more: Partial<Alarm> = {}): Alarm => ({
  id, sysid: 1, key: `k${id}`, level, words: `w${id}`, since_ms: id, active: true, acknowledged: false, cause: null,
  consequences: [], tone: level === "advisory" ? "" : level, speak: "", checklist: null, inhibited: false, ...more,
});

describe("the alarm list", () => {
  it("puts the root cause first and its consequences under it, though they are graver", () => {
    const groups = grouped([alarm(3, "warning", { cause: 1 }), alarm(2, "caution", { cause: 1 }), alarm(1, "caution")]);
    expect(groups).toHaveLength(1);
    expect(groups[0]!.root.id).toBe(1);
    expect(groups[0]!.consequences.map((a) => a.id)).toEqual([3, 2]);
    expect(groups[0]!.gravity).toBe(3);
  });
  it("finds the root through a chain, and an end where causes go in a ring", () => {
    expect(grouped([alarm(1, "caution"), alarm(2, "caution", { cause: 1 }), alarm(3, "caution", { cause: 2 })])[0]!.consequences).toHaveLength(2);
    expect(grouped([alarm(1, "caution", { cause: 2 }), alarm(2, "caution", { cause: 1 })]).length).toBeGreaterThan(0);
  });
  it("keeps an alarm whose cause is not in the list", () => {
    expect(grouped([alarm(5, "caution", { cause: 99 })])[0]!.root.id).toBe(5);
  });
  it("sorts by class, then unacknowledged before acknowledged, then newest", () => {
    const order = grouped([alarm(1, "advisory"), alarm(2, "caution", { acknowledged: true }), alarm(3, "caution"), alarm(4, "warning"), alarm(5, "caution")]).map((g) => g.root.id);
    expect(order).toEqual([4, 5, 3, 2, 1]);
  });
  it("loses none and doubles none", () => {
    const all = Array.from({ length: 40 }, (_, i) => alarm(i, "caution", { cause: i % 3 ? i - (i % 3) : null }));
    const shown = grouped(all).flatMap((g) => [g.root, ...g.consequences]).map((a) => a.id);
    expect(shown.sort((a, b) => a - b)).toEqual(all.map((a) => a.id));
  });
  it("counts what is active or unseen", () => {
    expect(counts([alarm(1, "caution"), alarm(2, "caution", { active: false, acknowledged: true }), alarm(3, "warning", { active: false })])).toEqual({ warning: 1, caution: 1, advisory: 0 });
  });
});

describe("sound", () => {
  it("repeats a warning until it is acknowledged", () => {
    expect(wanted([alarm(1, "warning")], new Set([1])).repeat).toBe(true);
    expect(wanted([alarm(1, "warning", { acknowledged: true })], new Set([1])).repeat).toBe(false);
  });
  it("sounds a caution once and an advisory never", () => {
    expect(wanted([alarm(1, "caution")], new Set()).once).toEqual(["caution"]);
    expect(wanted([alarm(1, "caution")], new Set([1])).once).toEqual([]);
    expect(wanted([alarm(1, "advisory")], new Set()).once).toEqual([]);
  });
  it("is silent where the phase inhibits it, and speaks once", () => {
    expect(wanted([alarm(1, "warning", { inhibited: true })], new Set())).toEqual({ repeat: false, once: [], speak: [] });
    expect(wanted([alarm(1, "warning", { speak: "GO-AROUND" })], new Set()).speak).toEqual(["GO-AROUND"]);
    expect(wanted([alarm(1, "warning", { speak: "GO-AROUND" })], new Set([1])).speak).toEqual([]);
  });
  it("keeps the sound of an alarm under its cause for when it stands alone", () => {
    expect(heard(alarm(1, "caution", { tone: "" }))).toBe(false);
    expect(heard(alarm(1, "caution", { inhibited: true }))).toBe(false);
    expect([alarm(1, "caution"), alarm(2, "advisory", { speak: "GO-AROUND" })].map(heard)).toEqual([true, true]);
  });
  it("rises three times, is equal twice, and tells gain from loss of command", () => {
    const hertz = (tone: keyof typeof TONES) => TONES[tone].map((n) => n.hertz);
    expect(hertz("warning")).toEqual([...hertz("warning")].sort((a, b) => a - b));
    expect(new Set(hertz("warning")).size).toBe(3);
    expect(new Set(hertz("caution")).size).toBe(1);
    expect(hertz("command_gained")).toEqual([...hertz("command_lost")].reverse());
  });
});
