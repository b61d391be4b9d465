/** What moves ten times a second: symbols by transform, the next 60 s, the camera's footprint, names carried along. */
import { render, svg, type SVGTemplateResult } from "lit";
import type { Store } from "../store";
import { known } from "../units";
import type { Aircraft } from "../wire";
import type { Box, Placed } from "./labels";
import { areaOf, pathOf, round } from "./line";
import { runs } from "./names";
import type { Camera, Point } from "./projection";
import { aircraftRuns, spotOf } from "./still";

const OUTLINE = "M0 -11L1.9 -3.5L15 .5V3L1.7 1.8L1.3 8L5 10.5V12L0 11L-5 12V10.5L-1.3 8L-1.7 1.8L-15 3V.5L-1.9 -3.5Z";
const SPACE = "http://www.w3.org/2000/svg";
const DEAD_S = 5;
/** From the top of a text's box to its base line, in sizes. */
const BASE = 0.94;

interface Symbol_ {
  readonly group: SVGGElement;
  readonly body: SVGPathElement;
  readonly soon: SVGPathElement;
  readonly footprint: SVGPathElement;
  readonly beam: SVGPathElement;
  readonly name: SVGGElement;
  /** From the aircraft to the corner of its name, with the leader. */
  offset: { box: Box; leader: Placed["leader"] } | null;
  from: Point;
}

function element<K extends keyof SVGElementTagNameMap>(kind: K, name: string): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SPACE, kind) as SVGElementTagNameMap[K];
  made.setAttribute("class", name);
  return made;
}

export class Moving {
  private readonly symbols = new Map<number, Symbol_>();

  constructor(
    private readonly layer: SVGGElement,
    private readonly chosen: (sysid: number) => void,
  ) {}

  /** Put everything where the newest picture has it. */
  update(store: Store, camera: Camera): void {
    const all = store.picture?.aircraft ?? [];
    for (const [sysid, one] of this.symbols) if (!all.some((other) => other.sysid === sysid)) this.remove(sysid, one);
    for (const aircraft of all) this.move(store, camera, aircraft, aircraft.sysid === store.selected);
  }

  /** Say the names anew and take the places that they were given. */
  rename(store: Store, camera: Camera, placed: ReadonlyMap<string, Placed>, narrow: boolean): void {
    for (const aircraft of store.picture?.aircraft ?? []) {
      const one = this.symbols.get(aircraft.sysid);
      const spot = spotOf(aircraft);
      if (!one || !spot) continue;
      const found = placed.get(`aircraft-${aircraft.sysid}`);
      one.offset = found ? { box: found.box, leader: found.leader } : null;
      one.from = camera.pixel(spot);
      const own = aircraft.sysid === store.selected;
      render(found ? this.words(store, aircraft, own, narrow, found) : "", one.name);
    }
    this.update(store, camera);
  }

  private words(store: Store, aircraft: Aircraft, own: boolean, narrow: boolean, { box, leader }: Placed): SVGTemplateResult {
    const size = own ? 13 : 11.5;
    const line = leader && svg`<path class="leader" d="M${leader.x1} ${leader.y1}L${leader.x2} ${leader.y2}"/>`;
    const name = { runs: aircraftRuns(store, aircraft, own, narrow), size };
    return svg`${line}<text class="name" data-name="aircraft-${aircraft.sysid}" x=${round(box.x + 1)} y=${round(box.y + size * BASE)} font-size=${size}>${runs(name)}</text>`;
  }

  private make(sysid: number): Symbol_ {
    const group = element("g", "aircraft");
    const body = element("path", "body");
    body.setAttribute("d", OUTLINE);
    body.dataset["testid"] = `map-aircraft-${sysid}`;
    body.addEventListener("click", () => this.chosen(sysid));
    const [soon, footprint, beam] = [element("path", "soon"), element("path", "footprint"), element("path", "beam")];
    const name = element("g", "carried");
    group.append(footprint, beam, soon, body, name);
    this.layer.append(group);
    const made: Symbol_ = { group, body, soon, footprint, beam, name, offset: null, from: { x: 0, y: 0 } };
    this.symbols.set(sysid, made);
    return made;
  }

  private remove(sysid: number, one: Symbol_): void {
    one.group.remove();
    this.symbols.delete(sysid);
  }

  private move(store: Store, camera: Camera, aircraft: Aircraft, own: boolean): void {
    const one = this.symbols.get(aircraft.sysid) ?? this.make(aircraft.sysid);
    const spot = spotOf(aircraft);
    one.group.style.display = spot ? "" : "none";
    if (!spot) return;
    const at = camera.pixel(spot);
    const age = store.ageOf(aircraft.age.position);
    const dead = !known(age) || age > DEAD_S;
    one.group.setAttribute("class", `aircraft${own ? " own" : ""}${dead ? " dead" : ""}`);
    const psi = ((aircraft.attitude.psi ?? aircraft.v.course ?? 0) * 180) / Math.PI;
    one.body.setAttribute("transform", `translate(${round(at.x)} ${round(at.y)}) rotate(${round(psi)})`);
    one.name.setAttribute("transform", `translate(${round(at.x - one.from.x)} ${round(at.y - one.from.y)})`);
    this.drawSoon(one, camera, aircraft, own && !dead);
    this.drawFootprint(one, camera, aircraft, at, own && !dead);
    if (own && this.layer.lastChild !== one.group) this.layer.append(one.group);
  }

  private drawSoon(one: Symbol_, camera: Camera, aircraft: Aircraft, shown: boolean): void {
    const spot = spotOf(aircraft);
    const points = shown && spot && aircraft.soon.length && !aircraft.landed ? [spot, ...aircraft.soon] : [];
    one.soon.setAttribute("d", pathOf(points, camera));
  }

  private drawFootprint(one: Symbol_, camera: Camera, aircraft: Aircraft, at: Point, shown: boolean): void {
    const corners = shown ? (aircraft.turret.footprint ?? []) : [];
    const places = corners.map(([latitude, longitude]) => ({ latitude, longitude }));
    one.footprint.setAttribute("d", areaOf(places, camera));
    if (places.length === 0) return one.beam.setAttribute("d", "");
    const points = places.map((place) => camera.pixel(place));
    const middle = { x: mean(points.map((p) => p.x)), y: mean(points.map((p) => p.y)) };
    one.beam.setAttribute("d", `M${round(at.x)} ${round(at.y)}L${round(middle.x)} ${round(middle.y)}`);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
