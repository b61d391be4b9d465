/** The map: a canvas drawn when the camera moves, an SVG above it for all that lives. */
import { html, nothing, render, svg, type SVGTemplateResult } from "lit";
import { onLanguage, t } from "../i18n";
import { onSettings } from "../settings";
import { store } from "../store";
import { callsign } from "../units";
import type { Ground } from "../wire";
import { drawBase, type BaseColours, type Relief } from "./base";
import { keyed, listen, type Taker } from "./gestures";
import type { Box } from "./labels";
import { Land } from "./land";
import { entries, type Entry } from "./menu";
import { Moving } from "./moving";
import { bearing, Camera, RADIANS, type Place, type Point } from "./projection";
import { drawStill, spanWords, spotOf, wayOf } from "./still";
import { forgetWidths } from "./text";
import { Trails } from "./trails";
import { areas } from "./fence";
import "./map.css";

/** Something that draws over the map and may take presses: the mission editor. */
export interface Guest {
  /** `taken`: boxes of the names that already stand. */
  draw(camera: Camera, taken: readonly Box[]): SVGTemplateResult;
  press(point: Point, camera: Camera, event: PointerEvent): Taker | null;
  /** True: it took the tap. */
  tap(place: Place, point: Point, camera: Camera): boolean;
  key(key: KeyboardEvent): boolean;
}

/** The still layer is built anew at most so often [ms], and so long after the camera came to rest. */
const STILL_MS = 1000;
const REST_MS = 90;
const NARROW_PX = 460;
/** The finger that opens the menu must not choose from it as it is lifted: nothing is taken so soon [ms], nor so near [px]. */
const MENU_SAFE_MS = 700;
const MENU_OFF_PX = 26;
const MENU_EDGE_PX = 6;
const START = Camera.at({ latitude: 39.5 * RADIANS, longitude: 34 * RADIANS }, 5, 800, 600);

export class MapElement extends HTMLElement {
  camera = START;
  guest: Guest | null = null;
  /** Time spent in the browser's own thread by the last updates [ms]: base, still, moving. */
  readonly cost = { base: 0, still: 0, moving: 0 };

  private land: Land | null = null;
  /** Tiles of relief by url and bounds, in the server's order; null while one is fetched, or where it cannot be. */
  private reliefs = new Map<string, Relief | null>();
  private readonly trails = new Trails();
  private moving!: Moving;
  private built: Camera = START;
  private standing: Box[] = [];
  private built_ms = -Infinity;
  private rest = 0;
  private frame = 0;
  private due = 0;
  private touched = false;
  private fitted = "";
  private following = false;
  private measuring = false;
  private span: { from: Place; to: Place } | null = null;
  private menu: { at: Point; place: Place; opened_ms: number } | null = null;
  private leave: (() => void)[] = [];

  connectedCallback(): void {
    render(this.skeleton(), this);
    this.moving = new Moving(this.find<SVGGElement>(".moving"), (sysid) => store.select(sysid));
    this.listenAll();
    void this.loadLand();
    void this.awaitFont();
    new ResizeObserver(() => this.resized()).observe(this);
  }

  disconnectedCallback(): void {
    this.leave.forEach((end) => end());
    this.leave = [];
  }

  private skeleton() {
    return html`<canvas class="base" aria-hidden="true"></canvas>
      <svg class="over" tabindex="0" role="application" aria-label=${t("map.title")} data-testid="map">
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow" d="M0 0L8 4L0 8z"/></marker>
          <marker id="arrow-pale" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path class="arrow pale" d="M0 0L8 4L0 8z"/></marker>
          <pattern id="hatch-closed" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="1.2" height="7"/></pattern>
        </defs>
        <g class="still"></g><g class="guest"></g><g class="moving"></g><g class="measure"></g>
      </svg>
      <div class="map-tools"></div><div class="map-menu"></div>`;
  }

  private find<T extends Element>(selector: string): T {
    return this.querySelector(selector) as T;
  }

  private listenAll(): void {
    const over = this.find<SVGSVGElement>("svg.over");
    listen(over, {
      camera: () => this.camera,
      setCamera: (camera) => this.byHand(camera),
      press: (point, event) => this.press(point, event),
      tap: (point, event) => this.tap(point, event),
      menu: (point) => this.openMenu(point),
    });
    over.addEventListener("keydown", (event) => this.key(event));
    this.leave.push(
      store.subscribe(() => this.picture(), 10),
      store.on("ground", () => void this.loadRelief()),
      onLanguage(() => this.build()),
      onSettings(() => this.restyled()),
    );
  }

  /** Widths measured before the font is there are wrong: forget them when it comes. */
  private async awaitFont(): Promise<void> {
    await Promise.allSettled([400, 600].map((weight) => document.fonts.load(`${weight} 12px "IBM Plex Sans Condensed"`, "Aaİş0")));
    forgetWidths();
    this.build();
  }

  private async loadLand(): Promise<void> {
    try {
      const answer = await fetch("land.bin");
      if (answer.ok) this.land = Land.read(await answer.arrayBuffer());
      this.redraw();
    } catch {
      // without the coast the map still shows everything that moves
    }
  }

  private async loadRelief(): Promise<void> {
    const wanted = new Map(store.grounds.map((ground) => [JSON.stringify([ground.url, ground.bounds]), ground]));
    if ([...wanted.keys()].join() === [...this.reliefs.keys()].join()) return;
    const known = this.reliefs;
    this.reliefs = new Map([...wanted.keys()].map((key) => [key, known.get(key) ?? null]));
    const fresh = [...wanted].filter(([key]) => !known.has(key));
    await Promise.all(fresh.map(([key, ground]) => this.loadTile(key, ground)));
    this.redraw();
  }

  private async loadTile(key: string, { url, bounds }: Ground): Promise<void> {
    const image = new Image();
    image.src = url;
    try {
      await image.decode();
      if (this.reliefs.has(key)) this.reliefs.set(key, { image, bounds });
    } catch {
      // the map is whole without it
    }
  }

  // ---- camera

  private resized(): void {
    const { width, height } = this.getBoundingClientRect();
    if (width < 2 || height < 2) return;
    const canvas = this.find<HTMLCanvasElement>("canvas.base");
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    this.camera = this.camera.sized(width, height);
    this.fitted = "";
    this.fit();
    this.redraw();
    this.build();
  }

  private byHand(camera: Camera): void {
    this.touched = true;
    this.setCamera(camera);
  }

  setCamera(camera: Camera): void {
    this.camera = camera;
    this.closeMenu();
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.redraw();
      this.slide();
    });
    clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.build(), REST_MS);
  }

  /** Until the still layer is built anew it is slid and stretched to where the camera looks. */
  private slide(): void {
    const { camera, built } = this;
    const factor = camera.scale / built.scale;
    const corner = camera.pixelOf(built.x - built.width / 2 / built.scale, built.y - built.height / 2 / built.scale);
    this.find<SVGGElement>(".still").setAttribute("transform", `translate(${corner.x} ${corner.y}) scale(${factor})`);
    this.moving.update(store, camera);
    this.drawGuest();
    this.drawSpan();
  }

  /** Boxes of the names of the still layer where they stand now. */
  private slid(): Box[] {
    const { camera, built } = this;
    const corner = camera.pixelOf(built.x - built.width / 2 / built.scale, built.y - built.height / 2 / built.scale);
    return this.standing.map((box) => ({ ...box, x: box.x + corner.x, y: box.y + corner.y }));
  }

  /** See everything that concerns the chosen aircraft, until a person moves the map. */
  private fit(): void {
    const places = this.concerns();
    if (this.touched || this.menu || places.length === 0 || this.camera.width < 2) return;
    const key = `${store.selected}:${store.scenery}:${this.camera.width}x${this.camera.height}`;
    if (key === this.fitted) return;
    this.fitted = key;
    this.setCamera(Camera.around(places, this.camera.width, this.camera.height, this.narrow ? 24 : 46, this.narrow ? 24 : 62));
  }

  private concerns(): Place[] {
    const aircraft = store.aircraft();
    if (!aircraft) return [];
    const places: Place[] = [];
    const spot = spotOf(aircraft);
    if (spot) places.push(spot);
    for (const kind of ["mission", "lost_link"] as const) places.push(...(wayOf(store, aircraft, kind)?.spots.map((one) => one.spot) ?? []));
    for (const area of areas(store.route(aircraft.sysid, "fence")?.items ?? [])) places.push(...area.points);
    for (const field of store.latest("fields")?.fields ?? []) if (field.home) places.push(field);
    if (places.length > 1) return places;
    return [...places, ...(store.picture?.aircraft ?? []).map(spotOf).filter((one) => one !== null), ...(store.latest("fields")?.fields ?? [])];
  }

  /** Show everything again. */
  whole(): void {
    this.touched = false;
    this.following = false;
    this.fitted = "";
    this.fit();
    this.drawTools();
  }

  centre(place: Place): void {
    this.byHand(this.camera.centred(place));
  }

  private follow(): void {
    this.following = !this.following;
    this.keepInSight(true);
    this.drawTools();
  }

  /** Following: the aircraft is kept in the inner half; the map jumps, so that the base is drawn seldom. */
  private keepInSight(atOnce = false): void {
    const aircraft = this.following ? store.aircraft() : null;
    const spot = aircraft && spotOf(aircraft);
    if (!spot) return;
    const at = this.camera.pixel(spot);
    const off = Math.max(Math.abs(at.x / this.camera.width - 0.5), Math.abs(at.y / this.camera.height - 0.5));
    if (atOnce || off > 0.25) this.byHand(this.camera.centred(spot));
  }

  // ---- drawing

  private get narrow(): boolean {
    return this.camera.width < NARROW_PX;
  }

  private picture(): void {
    const began = performance.now();
    this.trails.note(store);
    this.moving.update(store, this.camera);
    this.cost.moving = performance.now() - began;
    this.keepInSight();
    const due_ms = this.built_ms + STILL_MS - 20 - began;
    if (due_ms <= 0) this.renew();
    else this.due ||= window.setTimeout(() => this.renew(), due_ms);
  }

  /** What is built once a second; also when nothing more is told after the last word. */
  private renew(): void {
    clearTimeout(this.due);
    this.due = 0;
    this.fit();
    void this.loadRelief();
    this.build();
  }

  private redraw(): void {
    const began = performance.now();
    const context = this.find<HTMLCanvasElement>("canvas.base").getContext("2d");
    if (context) drawBase(context, this.camera, devicePixelRatio, this.colours(), this.land, [...this.reliefs.values()].filter((one) => one !== null));
    this.cost.base = performance.now() - began;
  }

  private colours(): BaseColours {
    const style = getComputedStyle(this);
    const value = (name: string) => style.getPropertyValue(name).trim();
    return { sea: value("--map-sea"), land: value("--map-land"), coast: value("--map-coast"), grid: value("--map-grid") };
  }

  private restyled(): void {
    requestAnimationFrame(() => {
      this.redraw();
      this.build();
    });
  }

  /** Build the still layer anew. */
  build(): void {
    const began = performance.now();
    this.built_ms = began;
    this.built = this.camera;
    const layer = this.find<SVGGElement>(".still");
    const { drawn, placed } = drawStill({
      store, camera: this.camera, trails: this.trails.all(store), narrow: this.narrow, start_unix_s: this.startUnix(),
      editing: this.guest !== null, taken: this.narrow ? [] : [{ x: 0, y: 0, width: 330, height: 46 }],
    });
    this.standing = [...placed.values()].map((one) => one.box);
    layer.removeAttribute("transform");
    render(svg`${drawn}`, layer);
    this.moving.update(store, this.camera);
    this.moving.rename(store, this.camera, placed, this.narrow);
    this.drawGuest();
    this.drawSpan();
    this.drawTools();
    this.cost.still = performance.now() - began;
  }

  private startUnix(): number | null {
    return store.latest("strip", store.selected)?.start_unix_s ?? null;
  }

  /** The guest's picture, at once. */
  drawGuest(): void {
    render(this.guest ? this.guest.draw(this.camera, this.slid()) : nothing, this.find<SVGGElement>(".guest"));
  }

  private drawSpan(): void {
    const layer = this.find<SVGGElement>(".measure");
    if (!this.span) return render(nothing, layer), undefined;
    const [a, b] = [this.camera.pixel(this.span.from), this.camera.pixel(this.span.to)];
    const words = spanWords(this.span.from, this.span.to, bearing(this.span.from, this.span.to));
    const end = b.x > this.camera.width - 140;
    render(svg`<path class="span" d="M${a.x} ${a.y}L${b.x} ${b.y}"/><circle class="span" cx=${a.x} cy=${a.y} r="3"/><circle class="span" cx=${b.x} cy=${b.y} r="3"/>
      <text class="name" data-testid="map-span" x=${b.x + (end ? -10 : 10)} y=${b.y - 8} font-size="12" text-anchor=${end ? "end" : "start"}><tspan class="ink bold">${words}</tspan></text>`, layer);
  }

  private drawTools(): void {
    const aircraft = store.aircraft();
    const name = callsign(store.selected);
    const tools = html`
      <button data-testid="map-follow" aria-pressed=${this.following} ?disabled=${!aircraft} @click=${() => this.follow()}>${t("map.follow", { name })}</button>
      <button data-testid="map-whole" @click=${() => this.whole()}>${t("map.whole")}</button>
      <button data-testid="map-measure" aria-pressed=${this.measuring} @click=${() => this.measure()}>${t("map.measure")}</button>
      <button data-testid="map-edit" aria-pressed=${this.guest !== null} ?disabled=${!aircraft} @click=${() => this.edit()}>${t("map.edit", { name })}</button>
      <button class="square" data-testid="map-nearer" aria-label=${t("map.nearer")} @click=${() => this.byHand(this.camera.zoomed(0.75))}>+</button>
      <button class="square" data-testid="map-farther" aria-label=${t("map.farther")} @click=${() => this.byHand(this.camera.zoomed(-0.75))}>−</button>`;
    render(tools, this.find<HTMLElement>(".map-tools"));
  }

  private edit(): void {
    this.dispatchEvent(new CustomEvent("sr-edit", { bubbles: true }));
  }

  // ---- presses

  private press(point: Point, event: PointerEvent): Taker | null {
    if (this.measuring) return this.measureFrom(point);
    return this.guest?.press(point, this.camera, event) ?? null;
  }

  private tap(point: Point, event: PointerEvent): void {
    if (this.menu) return this.closeMenu();
    const place = this.camera.place(point);
    if (this.guest?.tap(place, point, this.camera)) return;
    const struck = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.classList.contains("body"));
    struck?.dispatchEvent(new MouseEvent("click"));
  }

  private measure(): void {
    this.measuring = !this.measuring;
    if (!this.measuring) this.span = null;
    this.drawSpan();
    this.drawTools();
  }

  private measureFrom(point: Point): Taker {
    const from = this.camera.place(point);
    const to = (now: Point) => {
      this.span = { from, to: this.camera.place(now) };
      this.drawSpan();
    };
    to(point);
    return { move: to, end: to };
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || this.guest?.key(event)) return;
    const camera = keyed(this.camera, event.key);
    const acts: Record<string, () => void> = {
      "0": () => this.whole(), Home: () => this.whole(), f: () => this.follow(), m: () => this.measure(),
      Escape: () => this.escape(), Enter: () => this.openMenu({ x: this.camera.width / 2, y: this.camera.height / 2 }),
    };
    const act = camera ? () => this.byHand(camera) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private escape(): void {
    this.closeMenu();
    if (this.measuring) this.measure();
  }

  // ---- what can be commanded at a place

  private openMenu(point: Point): void {
    const aircraft = store.aircraft();
    const theirs = aircraft && !aircraft.mine && aircraft.holder.loi3 !== store.seat;
    if (!aircraft || theirs || this.guest || this.narrow) return;
    this.menu = { at: point, place: this.camera.place(point), opened_ms: performance.now() };
    this.drawMenu();
    this.querySelector<HTMLButtonElement>(".map-menu button:not(:disabled)")?.focus();
  }

  private closeMenu(): void {
    if (!this.menu) return;
    const focused = this.find<HTMLElement>(".map-menu").contains(document.activeElement);
    this.menu = null;
    this.drawMenu();
    if (focused) this.find<SVGElement>("svg.over").focus();
  }

  private drawMenu(): void {
    const layer = this.find<HTMLElement>(".map-menu");
    const aircraft = store.aircraft();
    if (!this.menu || !aircraft) return render(nothing, layer), undefined;
    const { at, place } = this.menu;
    const name = callsign(aircraft.sysid);
    const list = entries(aircraft, place, store.picture?.seat.role ?? "");
    render(html`<i class="spot"></i><div role="menu" aria-label=${t("map.here", { name })} @keydown=${(event: KeyboardEvent) => this.menuKey(event)}>${list.map((one) => html`
      <button role="menuitem" data-testid=${one.test} ?disabled=${!one.live} @click=${(event: MouseEvent) => this.order(aircraft.sysid, one, event)}>${t(one.words, { name })}</button>`)}</div>`, layer);
    const { offsetWidth: wide, offsetHeight: high } = layer;
    const left = at.x + MENU_OFF_PX + wide < this.camera.width ? at.x + MENU_OFF_PX : at.x - MENU_OFF_PX - wide;
    const top = Math.max(MENU_EDGE_PX, Math.min(at.y + MENU_OFF_PX, this.camera.height - high - MENU_EDGE_PX)); // beside the place, never over it
    Object.assign(layer.style, { left: `${left}px`, top: `${top}px` });
    Object.assign(this.find<HTMLElement>(".map-menu .spot").style, { left: `${at.x - left}px`, top: `${at.y - top}px` });
  }

  private order(sysid: number, one: Entry, event: MouseEvent): void {
    const byHand = event.detail > 0; // a key is pressed anew, a finger may only be lifted
    if (!this.menu || (byHand && performance.now() - this.menu.opened_ms < MENU_SAFE_MS)) return;
    const aircraft = store.aircraft(sysid);
    const now = aircraft && entries(aircraft, this.menu.place, store.picture?.seat.role ?? "").find((each) => each.kind === one.kind);
    if (now?.live) store.command(sysid, now.kind, now.body);
    this.closeMenu();
  }

  private menuKey(event: KeyboardEvent): void {
    const buttons = [...this.querySelectorAll<HTMLButtonElement>(".map-menu button:not(:disabled)")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.closeMenu();
    else if (step) buttons.at((buttons.indexOf(document.activeElement as HTMLButtonElement) + step) % buttons.length)?.focus();
    else if (!(event.repeat && (event.key === "Enter" || event.key === " "))) return; // the key that opened the menu must not choose from it
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("sr-map", MapElement);

/** The page's map. */
export function theMap(): MapElement | null {
  return document.querySelector<MapElement>("sr-map");
}

