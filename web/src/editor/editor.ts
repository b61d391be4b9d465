/** The mission editor: the list of items, the chosen item's numbers, what is wrong, and the way to the aircraft. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { language, onLanguage, t, type Key } from "../i18n";
import { onSettings, settings } from "../settings";
import { store } from "../store";
import { amount, callsign, figure, fromSi, known, symbol, toSi } from "../units";
import type { Aerodrome, Item, Kind } from "../wire";
import { theMap } from "../map/map";
import { beyond, RADIANS } from "../map/projection";
import { versionName } from "../map/still";
import { theProfile, type Handle, type ProfileGuest } from "../profile/profile";
import { altitudeFrame, FRAME_GROUND, FRAME_HOME, FRAME_SEA, kindOf, KINDS, NAV_LAND, RALLY_POINT, type Parameter, type Unit } from "./commands";
import { MapGuest } from "./guest";
import { landingItems, slopeOf } from "./landing";
import { changed, polygonOf, retyped, withParam } from "./ops";
import { PlanFileError, readPlan, writePlan } from "./planfile";
import { AREAS, KINDS_OF_PLAN, Session } from "./session";
import { altitudeOf, trace } from "./trace";
import "./editor.css";

const DEGREE_DECIMALS = 6;
/** A glide of three degrees from 2000 ft above the field, round a circle of half a mile: what the aircraft's own landing takes. */
const USUAL_PATTERN = { slope_deg: 3, height: 609.6, radius: 926 };
/** Items of the list drawn at once about the chosen one: a plan may hold thousands. */
const LISTED = 400;

const word = (key: string) => t(key as Key);

export class EditorElement extends LitElement {
  private session: Session | null = null;
  private readonly sessions = new Map<number, Session>();
  private landing: { field: number; runway: number; slope_deg: number; height: number; radius: number } | null = null;
  private fileError = "";
  private seen = "";
  private leave: (() => void)[] = [];
  private readonly open = () => this.toggle();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("sr-edit", this.open);
    this.leave = [
      store.subscribe(() => this.picture(), 2),
      store.on("check", (answer) => this.sessions.forEach((one) => one.heard(answer))),
      store.on("route", ({ sysid, kind }) => this.sessions.get(sysid)?.routeHeard(kind)),
      onLanguage(() => this.requestUpdate()),
      onSettings(() => this.changed()),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("sr-edit", this.open);
    this.leave.forEach((end) => end());
  }

  // ---- opening and closing

  private toggle(): void {
    if (this.session) return this.close();
    const sysid = store.selected;
    if (sysid === null) return;
    const session = this.sessions.get(sysid) ?? new Session(store, sysid, () => this.changed());
    this.sessions.set(sysid, session);
    this.session = session;
    const map = theMap();
    if (map) map.guest = new MapGuest(session, () => this.close());
    this.changed();
    map?.build();
    this.toList();
  }

  private close(): void {
    this.session = null;
    this.landing = null;
    const map = theMap();
    const profile = theProfile();
    if (map) map.guest = null;
    if (profile) profile.guest = null;
    this.changed();
    map?.build();
    map?.querySelector<SVGElement>("svg.over")?.focus();
  }

  /** The chosen line stays in sight, also when the list gives room to what stands below it. */
  protected override updated(): void {
    const list = this.querySelector(".items");
    const now = list ? `${this.session?.chosen}:${list.clientHeight}` : "";
    if (now === this.seen) return;
    this.seen = now;
    this.querySelector(".items .chosen")?.scrollIntoView({ block: "nearest" });
  }

  private picture(): void {
    if (!this.session) return;
    if (store.selected !== this.session.sysid && store.selected !== null) return this.close();
    this.session.watch();
    this.requestUpdate();
  }

  private changed(): void {
    this.requestUpdate();
    const profile = theProfile();
    if (profile) profile.guest = this.profileGuest();
    profile?.draw();
    theMap()?.drawGuest();
  }

  // ---- the profile's share

  private profileGuest(): ProfileGuest | null {
    const { session } = this;
    if (!session || session.kind === "fence" || session.kind === "rally") return null;
    const datum = { home: store.aircraft(session.sysid)?.home ?? null, ground: session.ground };
    const way = trace(session.items, datum);
    const points: { distance: number; altitude: number | null; ground: number | null }[] = [];
    const handles: Handle[] = [];
    let run = 0;
    const stop = (item: number, altitude: number | null) => {
      points.push({ distance: run, altitude, ground: session.ground[item] ?? null });
      if (altitude !== null && session.items[item]?.altitude != null) handles.push({ item, name: String(item), distance: run, altitude, chosen: item === session.chosen });
    };
    const notes: { distance: number; altitude: number; words: string }[] = [];
    way.spots.filter((one) => one.flown).forEach(({ item, spot }) => {
      const leg = way.legs.find((one) => one.item === item);
      const slope = slopeOf(session.items, item);
      const from = leg?.points[0]?.altitude;
      if (leg && slope !== null && spot.altitude !== null && from != null) {
        notes.push({ distance: run + leg.length / 2, altitude: (from + spot.altitude) / 2, words: t("editor.slope_note", { slope: figure(slope / RADIANS, 1) }) });
      }
      run += leg?.length ?? 0;
      stop(item, spot.altitude);
    });
    return { points, handles, notes, choose: (item) => session.choose(item), drag: (item, altitude, done) => this.dragHeight(item, altitude, done) };
  }

  private dragHeight(index: number, altitude: number, done: boolean): void {
    const { session } = this;
    const item = session?.items[index];
    if (!session || !item) return;
    const above = altitudeOf({ ...item, altitude: 0 }, index, { home: store.aircraft(session.sysid)?.home ?? null, ground: session.ground });
    session.raise(index, altitude - (above ?? 0), "height");
    if (done) session.settle();
  }

  // ---- the panel

  protected override render(): unknown {
    const { session } = this;
    if (!session) return nothing;
    return html`<section class="editor" data-testid="editor" @keydown=${(event: KeyboardEvent) => this.key(event)}>
      ${this.header(session)}${this.tabs(session)}${this.list(session)}${this.adders(session)}
      ${this.landing ? this.landingForm(session) : this.form(session)}${this.problems(session)}${this.footer(session)}
    </section>`;
  }

  private header(session: Session): TemplateResult {
    const name = callsign(session.sysid);
    return html`<h2>${t("editor.title", { name })}
      <span class="row"><button data-testid="editor-undo" ?disabled=${!session.canUndo} @click=${() => session.undo()}>${t("editor.undo")}</button>
      <button data-testid="editor-redo" ?disabled=${!session.canRedo} @click=${() => session.redo()}>${t("editor.redo")}</button>
      <button data-testid="editor-close" @click=${() => this.close()}>${t("editor.close")}</button></span></h2>`;
  }

  private tabs(session: Session): TemplateResult {
    return html`<div class="tabs" role="tablist">${KINDS_OF_PLAN.map((kind) => html`
      <button role="tab" data-testid="editor-tab-${kind}" aria-selected=${kind === session.kind} @click=${() => this.show(kind)}>
        ${word(`editor.kind.${kind}`)}${session.dirtyKind(kind) ? html`<b title=${t("editor.changed")}> •</b>` : nothing}</button>`)}</div>`;
  }

  private show(kind: Kind): void {
    this.landing = null;
    this.session?.show(kind);
  }

  private list(session: Session): TemplateResult {
    const { items, chosen } = session;
    const from = items.length > LISTED ? Math.max(0, Math.min((chosen ?? 0) - LISTED / 2, items.length - LISTED)) : 0;
    const bad = session.refused;
    return html`<ol class="items" role="listbox" tabindex="0" data-testid="editor-list" aria-label=${word(`editor.kind.${session.kind}`)}
      aria-activedescendant=${chosen === null ? nothing : `item-${chosen}`}>
      ${items.length === 0 ? html`<li class="none">${t("editor.nothing")}</li>` : nothing}
      ${items.slice(from, from + LISTED).map((item, k) => this.line(session, item, from + k, bad.has(from + k)))}</ol>`;
  }

  private line(session: Session, item: Item, i: number, bad: boolean): TemplateResult {
    const chosen = i === session.chosen;
    return html`<li id="item-${i}" role="option" data-testid="editor-item-${i}" aria-selected=${chosen} class=${chosen ? "chosen" : ""} @click=${() => session.choose(i)}>
      <span class="n">${bad ? "◆" : ""} ${i}</span><span>${this.name(session, item, i)}</span><span class="h">${heightWords(item)}</span></li>`;
  }

  private name(session: Session, item: Item, i: number): string {
    const corner = session.kind === "fence" ? polygonOf(session.items, i) : null;
    const inside = item.command === 5001 || item.command === 5003;
    if (corner) return t(inside ? "editor.corner_in" : "editor.corner_out", { n: i - corner.first + 1, all: corner.count });
    if (session.kind === "fence") return t(inside ? "editor.circle_in" : "editor.circle_out");
    if (item.command === RALLY_POINT) return t("map.rally");
    const kind = kindOf(item);
    return kind ? word(`editor.item.${kind.key}`) : t("editor.other", { n: item.command });
  }

  // ---- adding

  private adders(session: Session): TemplateResult {
    if (session.kind === "fence") {
      return html`<div class="row areas">${AREAS.map(({ key, command }) => html`<button data-testid="editor-add-${key}" @click=${() => this.addArea(command)}>${word(`editor.area.${key}`)}</button>`)}</div>`;
    }
    const adding = session.adding !== null;
    const kinds = session.kind === "rally" ? [] : KINDS;
    return html`<div class="row">
      <button data-testid="editor-add" aria-pressed=${adding} @click=${() => this.add(session)}>${adding ? t("editor.tap_map") : t("editor.add")}</button>
      ${kinds.length ? html`<select data-testid="editor-add-kind" aria-label=${t("editor.add")} @change=${(event: Event) => this.pick(session, Number((event.target as HTMLSelectElement).value))}>
        ${kinds.map((kind) => html`<option value=${kind.command} ?selected=${kind.command === (session.adding ?? session.usual)}>${word(`editor.item.${kind.key}`)}</option>`)}</select>
      <button data-testid="editor-landing" aria-pressed=${this.landing !== null} @click=${() => this.toggleLanding()}>${t("editor.landing")}</button>` : nothing}
    </div>`;
  }

  private picked(): number {
    return Number(this.querySelector<HTMLSelectElement>("[data-testid=editor-add-kind]")?.value ?? RALLY_POINT);
  }

  /** Items without a place are added at once, others by tapping the map. */
  private add(session: Session): void {
    const command = this.picked();
    if (session.adding !== null) session.adding = null;
    else if (command !== RALLY_POINT && kindOf({ command })?.placed === false) return session.add(command, null);
    else session.adding = command;
    this.changed();
  }

  private pick(session: Session, command: number): void {
    if (session.adding !== null) session.adding = kindOf({ command })?.placed ? command : null;
    this.changed();
  }

  /** By keyboard: an item a little beyond the chosen one, or in the middle of the map. */
  private addByKey(session: Session): void {
    const map = theMap();
    const { item } = session;
    if (session.kind === "fence") return this.addArea(AREAS[0].command);
    const command = session.kind === "rally" ? RALLY_POINT : this.picked();
    const placed = command === RALLY_POINT || kindOf({ command })?.placed;
    const here = item?.latitude != null && item.longitude != null ? { latitude: item.latitude, longitude: item.longitude } : null;
    const middle = map ? map.camera.place({ x: map.camera.width / 2, y: map.camera.height / 2 }) : null;
    const place = here && map ? beyond(here, Math.PI / 2, 60 * map.camera.metresPerPixel) : middle;
    session.add(command, placed ? place : null);
  }

  private addArea(command: number): void {
    const map = theMap();
    if (!map || !this.session) return;
    const { camera } = map;
    const [x, y, d] = [camera.width / 2, camera.height / 2, Math.min(camera.width, camera.height) / 5];
    const polygon = command === AREAS[0].command || command === AREAS[1].command;
    const corners = polygon ? [[-d, -d], [d, -d], [d, d], [-d, d]] : [[0, 0]];
    const radius = Math.round((d * camera.metresPerPixel) / 100) * 100;
    this.session.addArea(command, corners.map(([dx = 0, dy = 0]) => camera.place({ x: x + dx, y: y + dy })), radius);
  }

  // ---- the landing pattern

  private fields(): readonly Aerodrome[] {
    return (store.latest("fields")?.fields ?? []).filter((field) => field.runways.length > 0 && !field.closed);
  }

  private toggleLanding(): void {
    const home = Math.max(0, this.fields().findIndex((field) => field.home));
    this.landing = this.landing ? null : { field: home, runway: 0, ...USUAL_PATTERN };
    this.requestUpdate();
  }

  private landingForm(session: Session): TemplateResult {
    const { landing } = this;
    const fields = this.fields();
    const field = landing && fields[landing.field];
    if (!landing || !field) return html`<p class="note">${t("editor.no_fields")}</p>`;
    const set = (part: Partial<NonNullable<typeof this.landing>>) => {
      this.landing = { ...landing, ...part };
      this.requestUpdate();
    };
    const choice = (name: string, options: readonly string[], at: number, take: (i: number) => void) => html`<label>${word(`editor.${name}`)}
      <select data-testid="landing-${name}" @change=${(event: Event) => take((event.target as HTMLSelectElement).selectedIndex)}>${options.map((one, i) => html`<option ?selected=${i === at}>${one}</option>`)}</select></label>`;
    const { units } = settings();
    return html`<div class="form" data-testid="landing-form">
      ${choice("field", fields.map((one) => one.name), landing.field, (i) => set({ field: i, runway: 0 }))}
      ${choice("runway", field.runways.map((one) => one.name), landing.runway, (i) => set({ runway: i }))}
      ${numberField("landing-slope", t("editor.slope"), landing.slope_deg, "°", (value) => set({ slope_deg: Math.max(1, Math.min(8, value)) }), 0.5)}
      ${numberField("landing-height", t("editor.above_field"), round(fromSi(landing.height, "height", units), 0), symbol("height", units), (value) => set({ height: Math.max(30, toSi(value, "height", units)) }), 100)}
      ${numberField("landing-radius", t("editor.param.radius"), round(fromSi(landing.radius, "distance", units), 2), symbol("distance", units), (value) => set({ radius: toSi(value, "distance", units) || 900 }), 0.1)}
      <button data-testid="landing-add" @click=${() => this.addLanding(session, field)}>${t("editor.landing_add", { field: field.name })}</button></div>`;
  }

  private addLanding(session: Session, field: Aerodrome): void {
    const { landing } = this;
    const runway = landing && field.runways[landing.runway];
    if (!landing || !runway) return;
    this.landing = null;
    session.append(landingItems({ field, runway, slope: landing.slope_deg * RADIANS, height: landing.height, radius: landing.radius }));
    this.toList();
  }

  /** The keyboard goes on in the list when what had it is gone. */
  private toList(): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[data-testid=editor-list]")?.focus());
  }

  // ---- the chosen item

  private form(session: Session): TemplateResult | typeof nothing {
    const { item, chosen } = session;
    if (!item || chosen === null) return html`<p class="note">${t("editor.help")}</p>`;
    const kind = kindOf(item);
    const plain = session.kind === "mission" || session.kind === "lost_link";
    return html`<div class="form" data-testid="editor-form">
      ${plain ? this.kindField(session, item, chosen) : nothing}
      ${kind?.high || item.command === RALLY_POINT ? this.heightField(session, item, chosen) : nothing}
      ${(kind?.parameters ?? []).map((one) => this.parameter(session, item, chosen, one))}
      ${session.kind === "fence" && item.command >= 5003 ? this.parameter(session, item, chosen, { key: "circle_radius", index: 0, unit: "distance", initial: 1000, least: 1 }) : nothing}
      ${item.command === NAV_LAND ? slopeLine(session.items, chosen) : nothing}
      ${item.latitude !== null || kind?.placed ? this.placeFields(session, item, chosen) : nothing}
      <span class="row order"><button class="square" data-testid="editor-up" aria-label=${t("editor.up")} title=${t("editor.up")} ?disabled=${chosen === 0} @click=${() => session.shift(-1)}>↑</button>
      <button class="square" data-testid="editor-down" aria-label=${t("editor.down")} title=${t("editor.down")} ?disabled=${chosen >= session.items.length - 1} @click=${() => session.shift(1)}>↓</button>
      <button data-testid="editor-delete" @click=${() => this.removed(session)}>${t("editor.delete")}</button></span>
      ${session.kind === "mission" ? this.flyButton(session, chosen) : nothing}</div>`;
  }

  private flyButton(session: Session, chosen: number): TemplateResult {
    const name = callsign(session.sysid);
    return html`<button class="cell" data-testid="editor-fly" aria-label=${t("editor.fly_from_full", { name, n: chosen })} title=${session.dirty ? t("editor.fly_changed", { name }) : t("editor.fly_from_full", { name, n: chosen })} ?disabled=${!session.canFly} @click=${() => session.fly(chosen)}>${t("editor.fly_from", { n: chosen })}</button>`;
  }

  private removed(session: Session): void {
    session.remove();
    if (session.chosen === null) this.toList();
  }

  private kindField(session: Session, item: Item, i: number): TemplateResult {
    const known_ = kindOf(item) !== null;
    return html`<label>${t("editor.what")}<select data-testid="editor-kind" @change=${(event: Event) => session.change(retyped(session.items, i, Number((event.target as HTMLSelectElement).value)))}>
      ${known_ ? nothing : html`<option value=${item.command} selected>${t("editor.other", { n: item.command })}</option>`}
      ${KINDS.map((kind) => html`<option value=${kind.command} ?selected=${kind.command === item.command}>${word(`editor.item.${kind.key}`)}</option>`)}</select></label>`;
  }

  private heightField(session: Session, item: Item, i: number): TemplateResult {
    const { units } = settings();
    const frame = altitudeFrame(item.frame);
    const frames = [["sea", FRAME_SEA], ["home", FRAME_HOME], ["ground", FRAME_GROUND]] as const;
    const shown = item.altitude === null ? null : round(fromSi(item.altitude, "height", units), 0);
    return html`${numberField("editor-height", t("editor.height"), shown, symbol("height", units), (value) => session.raise(i, toSi(value, "height", units), "typed"), 100)}
      <label>${t("editor.above")}<select data-testid="editor-frame" @change=${(event: Event) => session.change(changed(session.items, i, { frame: Number((event.target as HTMLSelectElement).value) }))}>
      ${frames.map(([key, value]) => html`<option value=${value} ?selected=${key === frame}>${word(`editor.frame.${key}`)}</option>`)}</select></label>`;
  }

  private parameter(session: Session, item: Item, i: number, one: Parameter): TemplateResult {
    const { unit, show, read, decimals } = unitOf(one.unit);
    const value = item.params[one.index];
    const take = (typed: number) => {
      const held = Math.max(one.least ?? -Infinity, Math.min(one.most ?? Infinity, read(typed)));
      session.change(withParam(session.items, i, one.index, held), `param${one.index}:${i}`);
    };
    return numberField(`editor-${one.key}`, word(`editor.param.${one.key}`), known(value) ? round(show(value), decimals) : null, unit, take, decimals ? 0.1 : 1);
  }

  private placeFields(session: Session, item: Item, i: number): TemplateResult {
    const field = (key: "latitude" | "longitude", most: number) =>
      numberField(`editor-${key}`, word(`editor.${key}`), item[key] === null ? null : round(item[key] / RADIANS, DEGREE_DECIMALS), "°", (value) => {
        const angle = Math.max(-most, Math.min(most, value)) * RADIANS;
        session.change(changed(session.items, i, { [key]: angle, ...(item.latitude === null ? { latitude: 0, longitude: 0, [key]: angle } : {}) }), `${key}:${i}`);
      }, 0.001);
    return html`${field("latitude", 85)}${field("longitude", 180)}`;
  }

  // ---- what is wrong, and the way to the aircraft

  private problems(session: Session): TemplateResult | typeof nothing {
    const mine = session.faults.filter((one) => !(session.check && one.key === "no_landing")); // the answer says it in its own words
    const lines = [...mine.map((one) => ({ ...one, words: word(`editor.fault.${one.key}`) })), ...(session.check?.problems ?? [])];
    if (!session.dirty && lines.length === 0) return nothing;
    const refused = lines.some((one) => one.severity === "error");
    const verdict = session.check ? t("editor.taken", { name: callsign(session.sysid) }) : t("editor.checking");
    return html`${refused ? nothing : html`<p class="note" data-testid="editor-verdict">${verdict}</p>`}${lines.length === 0 ? nothing : html`<ul class="problems" data-testid="editor-problems" aria-live="polite">${lines.map((one) => html`<li>
      <button @click=${() => session.choose(one.item)} ?disabled=${one.item === null}><b class=${one.severity}>${one.severity === "error" ? "◆" : "○"} ${one.item === null ? "" : one.item}</b> ${one.words}</button></li>`)}</ul>`}`;
  }

  private footer(session: Session): TemplateResult {
    const name = callsign(session.sysid);
    const { bar, upload } = session;
    const holder = store.aircraft(session.sysid)?.holder.loi4;
    const why = bar === "ready" ? "" : t(`editor.bar.${bar}` as Key, { name, holder: holder ? callsign(holder) : "–" });
    const held = store.route(session.sysid, session.kind);
    return html`<footer>
      <div class="row wrap"><button data-testid="editor-download" @click=${() => session.download()}>${t("editor.download", { name })}</button>
      <button data-testid="editor-import" @click=${() => this.querySelector<HTMLInputElement>("input[type=file]")?.click()}>${t("editor.import")}</button>
      <button data-testid="editor-export" @click=${() => this.save(session)}>${t("editor.export")}</button>
      <input type="file" accept=".plan,application/json" hidden @change=${(event: Event) => void this.read(session, event)}></div>
      ${this.fileError ? html`<p class="caution" role="alert">${this.fileError}</p>` : nothing}
      ${session.overtaken ? html`<p class="caution" role="alert">${t("editor.overtaken", { name, version: versionName(held?.version ?? null) })}</p>` : nothing}
      <button class="upload" data-testid="editor-upload" ?disabled=${bar !== "ready"} @click=${() => session.send()}>${t("editor.upload", { what: word(`editor.kind.${session.kind}`).toLocaleLowerCase(language()), name })}</button>
      <p class="note" data-testid="editor-state" aria-live="polite">${upload ? uploadWords(upload.state, upload.reason, upload.progress) : nothing} ${why}</p>
    </footer>`;
  }

  private save(session: Session): void {
    const part = (kind: Kind) => (kind === session.kind ? [...session.items] : (store.route(session.sysid, kind)?.items ?? []));
    const home = store.aircraft(session.sysid)?.home ?? null;
    const text = writePlan({ mission: part("mission"), fence: part("fence"), rally: part("rally"), lost_link: part("lost_link") }, home);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `${callsign(session.sysid)}.plan`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  private async read(session: Session, event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    try {
      const plan = readPlan(await file.text());
      this.fileError = "";
      const shown = session.kind;
      for (const kind of KINDS_OF_PLAN.filter((one) => plan[one].length > 0)) {
        session.show(kind);
        session.change(plan[kind]);
      }
      session.show(plan[shown].length ? shown : "mission");
      theMap()?.whole();
    } catch (error) {
      this.fileError = t("editor.bad_file", { file: file.name, why: error instanceof PlanFileError ? error.message : String(error) });
      this.requestUpdate();
    }
  }

  // ---- keys

  private key(event: KeyboardEvent): void {
    const { session } = this;
    if (!session) return;
    const typing = (event.target as Element).matches("input, select");
    const act = this.shortcut(session, event) ?? (typing ? null : this.listKey(session, event));
    if (!act) return;
    event.preventDefault();
    act();
  }

  private shortcut(session: Session, event: KeyboardEvent): (() => void) | null {
    const key = event.key.toLowerCase();
    if (event.key === "Escape") return () => this.close();
    if (!event.ctrlKey && !event.metaKey) return null;
    if (key === "z") return () => (event.shiftKey ? session.redo() : session.undo());
    return key === "y" ? () => session.redo() : null;
  }

  private listKey(session: Session, event: KeyboardEvent): (() => void) | null {
    const onList = (event.target as Element).matches(".items");
    if (!onList) return null;
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -1e6, End: 1e6 }[event.key];
    if (step && event.altKey) return () => session.shift(Math.sign(step));
    if (step) return () => session.choose(session.chosen === null ? 0 : session.chosen + step);
    if (event.key === "Delete" || event.key === "Backspace") return () => session.remove();
    if (event.key === "Insert" || event.key === "Enter" || event.key === "+") return () => this.addByKey(session);
    return null;
  }
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

function heightWords(item: Item): string {
  const high = kindOf(item)?.high || item.command === RALLY_POINT;
  if (!high || item.altitude === null) return "";
  const sign = { sea: "", home: "+", ground: "↕" }[altitudeFrame(item.frame)];
  return sign + amount(item.altitude, "height", settings().units);
}

/** How a parameter is shown and read. */
function unitOf(unit: Unit): { unit: string; show: (si: number) => number; read: (shown: number) => number; decimals: number } {
  const { units } = settings();
  const same = (value: number) => value;
  switch (unit) {
    case "distance":
      return { unit: symbol("distance", units), show: (v) => fromSi(v, "distance", units), read: (v) => toSi(v, "distance", units), decimals: 2 };
    case "speed":
      return { unit: symbol("speed", units), show: (v) => fromSi(v, "speed", units), read: (v) => toSi(v, "speed", units), decimals: 0 };
    case "seconds":
      return { unit: "min", show: (v) => v / 60, read: (v) => v * 60, decimals: 1 };
    case "angle_rad":
      return { unit: "°", show: (v) => v / RADIANS, read: (v) => v * RADIANS, decimals: 0 };
    case "angle_deg":
      return { unit: "°", show: same, read: same, decimals: 0 };
    default:
      return { unit: "", show: same, read: Math.round, decimals: unit === "turns" ? 1 : 0 };
  }
}

function numberField(test: string, name: string, value: number | null, unit: string, take: (value: number) => void, step: number): TemplateResult {
  const read = (event: Event) => {
    const typed = Number((event.target as HTMLInputElement).value);
    if (Number.isFinite(typed)) take(typed);
  };
  return html`<label>${name}<span><input data-testid=${test} type="number" step=${step} .value=${value === null ? "" : String(value)} @change=${read}><i>${unit}</i></span></label>`;
}

function slopeLine(items: readonly Item[], land: number): TemplateResult {
  const slope = slopeOf(items, land);
  return html`<p class="note" data-testid="editor-slope">${t("editor.slope_is", { slope: slope === null ? "–" : figure(slope / RADIANS, 1) })}</p>`;
}

function uploadWords(state: string, reason: string, progress: { done: number; all: number } | null): string {
  const part = progress && state !== "done" ? ` ${progress.done}/${progress.all}` : "";
  return `${word(`editor.upload.${state}`)}${part}${reason ? `: ${reason}` : ""}.`;
}

customElements.define("sr-editor", EditorElement);

