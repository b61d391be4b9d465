/** A plan under work: one draft per aircraft and kind, what is chosen, what the check says, how the upload goes. */
import type { Store } from "../store";
import type { Check, CommandState, Item, Kind } from "../wire";
import type { Place } from "../map/projection";
import { bar } from "../panels/actions";
import { faults, type Fault } from "./faults";
import { History } from "./history";
import { FENCE_POLYGON_EXCLUSION, FENCE_POLYGON_INCLUSION, made, NAV_WAYPOINT, RALLY_POINT, FENCE_CIRCLE_EXCLUSION, FENCE_CIRCLE_INCLUSION } from "./commands";
import * as ops from "./ops";

export const KINDS_OF_PLAN: readonly Kind[] = ["mission", "fence", "rally", "lost_link"];

/** Asked of the server so long after the last change [ms]. */
const CHECK_MS = 500;
const DEFAULT_HEIGHT = 3000;
/** Modes in which the mission is being flown: another item is then only made the current one. */
const IN_MISSION: ReadonlySet<string> = new Set(["mission", "climb", "route", "loiter"]);

interface Draft {
  readonly history: History<readonly Item[]>;
  /** Version the aircraft held when the draft began. */
  base: number | null;
  /** Rises with every change. */
  serial: number;
  dirty: boolean;
}

interface Checked {
  readonly id: string;
  readonly serial: number;
  answer: Check | null;
}

export type UploadBar = "ready" | "not_yours" | "neutral" | "stale" | "checking" | "refused" | "nothing" | "going" | "no_server";

export class Session {
  kind: Kind = "mission";
  chosen: number | null = null;
  /** A tap on the map adds an item of this command, null: it does not. */
  adding: number | null = null;
  private readonly drafts = new Map<string, Draft>();
  private readonly checks = new Map<string, Checked>();
  private readonly uploads = new Map<string, { id: string; serial: number }>();
  private readonly grounds = new Map<string, readonly (number | null)[]>();
  private timer: unknown = null;
  private found: { items: readonly Item[] | null; kind: Kind; faults: readonly Fault[] } = { items: null, kind: "mission", faults: [] };

  constructor(
    private readonly store: Store,
    readonly sysid: number,
    private readonly told: () => void,
    private readonly later: (run: () => void, ms: number) => unknown = (run, ms) => setTimeout(run, ms),
    private readonly cancel: (handle: unknown) => void = (handle) => clearTimeout(handle as number),
  ) {}

  private get key(): string {
    return `${this.sysid}:${this.kind}`;
  }

  private get draft(): Draft {
    let draft = this.drafts.get(this.key);
    if (!draft) {
      const route = this.store.route(this.sysid, this.kind);
      draft = { history: new History<readonly Item[]>(route?.items ?? []), base: route?.version ?? null, serial: 0, dirty: false };
      this.drafts.set(this.key, draft);
    }
    return draft;
  }

  get items(): readonly Item[] {
    return this.draft.history.present;
  }

  get item(): Item | null {
    return this.chosen === null ? null : (this.items[this.chosen] ?? null);
  }

  get dirty(): boolean {
    return this.draft.dirty;
  }

  dirtyKind(kind: Kind): boolean {
    return this.drafts.get(`${this.sysid}:${kind}`)?.dirty ?? false;
  }

  get canUndo(): boolean {
    return this.draft.history.canUndo;
  }

  get canRedo(): boolean {
    return this.draft.history.canRedo;
  }

  show(kind: Kind): void {
    this.kind = kind;
    this.chosen = null;
    this.adding = null;
    if (this.dirty) this.ask();
    this.told();
  }

  choose(index: number | null): void {
    this.chosen = index === null || this.items.length === 0 ? null : Math.max(0, Math.min(this.items.length - 1, index));
    this.draft.history.settle();
    this.told();
  }

  /** Any change of the items. Changes under one key in a row undo as one. */
  change(items: readonly Item[], key: string | null = null): void {
    const { draft } = this;
    draft.history.set(items, key);
    this.after();
  }

  settle(): void {
    this.draft.history.settle();
  }

  undo(): void {
    this.draft.history.undo();
    this.after();
  }

  redo(): void {
    this.draft.history.redo();
    this.after();
  }

  private after(): void {
    const { draft } = this;
    draft.serial++;
    draft.dirty = true;
    if (this.chosen !== null && this.chosen >= this.items.length) this.chosen = this.items.length ? this.items.length - 1 : null;
    this.ask();
    this.told();
  }

  // ---- edits

  /** Add an item behind the chosen one and choose it. */
  add(command: number, place: Place | null): void {
    const after = this.chosen ?? this.items.length - 1;
    const height = ops.nearestAltitude(this.items, after) ?? this.store.aircraft(this.sysid)?.place.altitude ?? DEFAULT_HEIGHT;
    const fence = command >= 5000 && command < RALLY_POINT;
    const item = made(command, place, fence ? null : Math.round(height));
    this.change(ops.insert(this.items, after + 1, item));
    this.choose(after + 1);
  }

  /** A new area about the middle of the view: a square, or a circle. */
  addArea(command: number, corners: readonly Place[], radius: number): void {
    const polygon = command === FENCE_POLYGON_INCLUSION || command === FENCE_POLYGON_EXCLUSION;
    const first = this.items.length;
    const fresh = (polygon ? corners : corners.slice(0, 1)).map((place): Item => ({
      ...made(command, place, null), params: [polygon ? corners.length : radius, 0, 0, 0],
    }));
    this.change([...this.items, ...fresh]);
    this.choose(first);
  }

  append(items: readonly Item[]): void {
    const first = this.items.length;
    this.change([...this.items, ...items]);
    this.choose(first);
  }

  remove(index: number | null = this.chosen): void {
    if (index === null || !this.items[index]) return;
    this.change(ops.remove(this.items, index));
    this.choose(this.items.length ? Math.min(index, this.items.length - 1) : null);
  }

  shift(by: number): void {
    if (this.chosen === null) return;
    const to = this.chosen + by;
    if (to < 0 || to >= this.items.length) return;
    this.change(ops.move(this.items, this.chosen, to));
    this.choose(to);
  }

  place(index: number, place: Place, key: string | null = null): void {
    this.change(ops.changed(this.items, index, { latitude: place.latitude, longitude: place.longitude }), key && `${key}:${index}`);
  }

  raise(index: number, altitude: number, key: string | null = null): void {
    this.change(ops.changed(this.items, index, { altitude }), key && `${key}:${index}`);
  }

  // ---- check and upload

  /** The plain mistakes: what is refused, and what is told and flown. */
  get faults(): readonly Fault[] {
    const { items, kind } = this;
    if (this.found.items !== items || this.found.kind !== kind) this.found = { items, kind, faults: faults(items, kind) };
    return this.found.faults;
  }

  /** Items that would be refused. */
  get refused(): ReadonlySet<number | null> {
    const theirs = (this.check?.problems ?? []).filter((one) => one.severity === "error");
    return new Set([...this.faults.filter((one) => one.severity === "error"), ...theirs].map((one) => one.item));
  }

  /** The server's answer about the items as they stand, null while it is out. */
  get check(): Check | null {
    const checked = this.checks.get(this.key);
    return checked && checked.serial === this.draft.serial ? checked.answer : null;
  }

  /** Ground under each item as far as the last answer told. */
  get ground(): readonly (number | null)[] {
    const known = this.grounds.get(this.key) ?? [];
    return known.length === this.items.length ? known : [];
  }

  /** Ask the server, once the hand is still. */
  ask(): void {
    this.cancel(this.timer);
    const kind = this.kind;
    this.timer = this.later(() => kind === this.kind && this.askNow(), CHECK_MS);
  }

  askNow(): void {
    const id = this.store.ask({ t: "check", sysid: this.sysid, kind: this.kind, items: [...this.items] });
    this.checks.set(this.key, { id, serial: this.draft.serial, answer: null });
  }

  heard(answer: Check): void {
    for (const [key, checked] of this.checks) {
      if (checked.id !== answer.id) continue;
      checked.answer = answer;
      this.grounds.set(key, answer.ground);
    }
    this.told();
  }

  /** Why the upload is not live, or that it is. */
  get bar(): UploadBar {
    const aircraft = this.store.aircraft(this.sysid);
    if (this.store.link !== "open" || !aircraft) return "no_server";
    if (!this.dirty) return "nothing";
    if (!aircraft.mine) return "not_yours";
    if (aircraft.neutral) return "neutral";
    if (!aircraft.usable || this.store.picture?.replaying) return "stale";
    const going = this.upload;
    if (going && ["requested", "sent", "accepted"].includes(going.state)) return "going";
    if (this.faults.some((one) => one.severity === "error")) return "refused";
    const { check } = this;
    if (!check) return "checking";
    return check.ok ? "ready" : "refused";
  }

  send(): void {
    if (this.bar !== "ready") return;
    const id = this.store.ask({ t: "upload", sysid: this.sysid, kind: this.kind, items: [...this.items] });
    this.uploads.set(this.key, { id, serial: this.draft.serial });
    this.told();
  }

  /** May the aircraft be sent to an item of this list? Only the list that it holds has its numbers. */
  get canFly(): boolean {
    const aircraft = this.store.aircraft(this.sysid);
    return this.kind === "mission" && !this.dirty && aircraft !== null && aircraft.landed === false && bar(aircraft, this.store) === null;
  }

  /** Fly the mission from an item: at once where it is being flown, else it is taken up there. */
  fly(index: number): void {
    const mode = this.store.aircraft(this.sysid)?.mode.now ?? "";
    if (this.canFly && this.items[index]) this.store.command(this.sysid, IN_MISSION.has(mode) ? "leg" : "route", { leg: index });
  }

  /** How the upload of this kind goes. */
  get upload(): CommandState | null {
    const mine = this.uploads.get(this.key);
    return mine ? (this.store.commands.get(mine.id) ?? null) : null;
  }

  /** Take note of uploads that are done: the draft is then what the aircraft holds. */
  watch(): void {
    const mine = this.uploads.get(this.key);
    const { draft, upload } = this;
    if (!mine || upload?.state !== "done") return;
    draft.base = this.store.route(this.sysid, this.kind)?.version ?? draft.base;
    if (mine.serial === draft.serial) draft.dirty = false;
  }

  /** The aircraft's own version has moved on since the draft began. */
  get overtaken(): boolean {
    const { draft } = this;
    if (!draft.dirty || this.upload?.state === "done") return false;
    const now = this.store.route(this.sysid, this.kind)?.version ?? null;
    return now !== null && draft.base !== null && now !== draft.base;
  }

  /** Ask the aircraft for its items and begin again from them. */
  download(): void {
    this.store.ask({ t: "download", sysid: this.sysid, kind: this.kind });
    this.reset();
  }

  /** Begin again from what the aircraft was last heard to hold. */
  reset(): void {
    this.drafts.delete(this.key);
    this.checks.delete(this.key);
    this.uploads.delete(this.key);
    this.chosen = null;
    this.told();
  }

  /** A clean draft follows what the aircraft holds. */
  routeHeard(kind: Kind): void {
    const draft = this.drafts.get(`${this.sysid}:${kind}`);
    if (draft && !draft.dirty) this.drafts.delete(`${this.sysid}:${kind}`);
    this.told();
  }

  /** What a tap on the map adds in this kind of plan when nothing else is said. */
  get usual(): number {
    return this.kind === "rally" ? RALLY_POINT : NAV_WAYPOINT;
  }
}

/** Fence areas that can be added. */
export const AREAS = [
  { key: "polygon_in", command: FENCE_POLYGON_INCLUSION }, { key: "polygon_out", command: FENCE_POLYGON_EXCLUSION },
  { key: "circle_in", command: FENCE_CIRCLE_INCLUSION }, { key: "circle_out", command: FENCE_CIRCLE_EXCLUSION },
] as const;
