/** The draft on the map: lines, shapes, handles to drag, small handles between them to insert. */
import { nothing, svg, type SVGTemplateResult } from "lit";
import { store } from "../store";
import type { Guest } from "../map/map";
import type { Taker } from "../map/gestures";
import { areas } from "../map/fence";
import { pathOf, round } from "../map/line";
import type { Box } from "../map/labels";
import { Names } from "../map/names";
import { between, distance, type Camera, type Place, type Point } from "../map/projection";
import { drawArea } from "../map/still";
import { kindOf, placeOf } from "./commands";
import { insertCorner } from "./ops";
import type { Session } from "./session";
import { trace } from "./trace";

const REACH_PX = 15;
const REACH_TOUCH_PX = 24;
/** Between two handles nearer than this there is no place for a third [px]. */
const MIDDLE_LEAST_PX = 44;
const NUDGE_PX = 8;

interface Middle {
  readonly after: number;
  readonly place: Place;
}

export class MapGuest implements Guest {
  constructor(
    private readonly session: Session,
    private readonly close: () => void,
  ) {}

  // ---- drawing

  draw(camera: Camera, taken: readonly Box[]): SVGTemplateResult {
    const { session } = this;
    const names = new Names(camera);
    taken.forEach((box) => names.block(box));
    names.block({ x: 0, y: 0, width: 330, height: 46 });
    const lines = session.kind === "fence" ? this.drawFence(camera) : session.kind === "rally" ? nothing : this.drawWay(camera, names);
    const { refused } = session;
    const handles = session.items.map((item, i) => {
      const place = placeOf(item);
      return place ? this.handle(camera, place, i, names, refused) : nothing;
    });
    const middles = this.middles(camera).map(({ place }) => {
      const { x, y } = camera.pixel(place);
      return svg`<path class="middle" d="M${round(x - 4)} ${round(y)}h8M${round(x)} ${round(y - 4)}v8"/>`;
    });
    return svg`${lines}${middles}${handles}${names.draw(names.place())}`;
  }

  private drawFence(camera: Camera): SVGTemplateResult {
    return svg`<g class="draft">${areas(this.session.items).map((area, i) => drawArea(camera, area, i, null))}</g>`;
  }

  private drawWay(camera: Camera, names: Names): SVGTemplateResult {
    const { session } = this;
    const way = trace(session.items, { home: store.aircraft(session.sysid)?.home ?? null, ground: session.ground });
    way.legs.forEach((leg) => names.line(leg.points));
    const kind = session.kind === "lost_link" ? "draft lost" : "draft";
    return svg`<g class=${kind}>${way.legs.map((leg) => svg`<path class="draft-way" d=${pathOf(leg.points, camera)}/>`)}
      ${way.shapes.map((shape) => svg`<path class="draft-shape" d=${pathOf(shape.points, camera)}/>`)}</g>`;
  }

  private handle(camera: Camera, place: Place, i: number, names: Names, refused: ReadonlySet<number | null>): SVGTemplateResult {
    const at = camera.pixel(place);
    const { session } = this;
    const bad = refused.has(i);
    const chosen = i === session.chosen;
    names.symbol(at, 7);
    const tone = bad ? "caution" : chosen ? "ink" : "ink2";
    names.add({ key: `draft-${i}`, at, gap: 9, runs: [{ text: String(i), bold: chosen || bad, tone }], need: chosen ? 99 : 50 - i * 0.01, sides: ["ne", "e"] });
    const kind = `handle${chosen ? " chosen" : ""}${bad ? " bad" : ""}`;
    const [x, y] = [round(at.x), round(at.y)];
    if (bad) return svg`<path class=${kind} data-testid="draft-${i}" d="M${x} ${y - 7}l7 7l-7 7l-7 -7Z"/>`;
    return svg`<circle class=${kind} data-testid="draft-${i}" cx=${x} cy=${y} r=${chosen ? 6 : 4.5}/>`;
  }

  /** Where an item could be put between two others. */
  private middles(camera: Camera): Middle[] {
    const { session } = this;
    if (session.kind === "rally") return [];
    if (session.kind === "fence") return this.corners(camera);
    const flown = session.items.map((item, i) => ({ i, place: kindOf(item)?.flown ? placeOf(item) : null }));
    const seen = flown.filter((one): one is { i: number; place: Place } => one.place !== null);
    return seen.slice(1).flatMap((one, k) => spread(camera, seen[k]?.place as Place, one.place, one.i - 1));
  }

  private corners(camera: Camera): Middle[] {
    return areas(this.session.items).filter((area) => !area.centre).flatMap((area) =>
      area.points.flatMap((a, i) => spread(camera, a, area.points[(i + 1) % area.points.length] as Place, area.item + i)),
    );
  }

  // ---- pressing

  press(point: Point, camera: Camera, event: PointerEvent): Taker | null {
    const reach = event.pointerType === "touch" ? REACH_TOUCH_PX : REACH_PX;
    const near = (place: Place) => Math.hypot(camera.pixel(place).x - point.x, camera.pixel(place).y - point.y);
    let best: { index: number; away: number } | null = null;
    this.session.items.forEach((item, index) => {
      const place = placeOf(item);
      const away = place ? near(place) : Infinity;
      if (away <= reach && (!best || away < best.away || index === this.session.chosen)) best = { index, away };
    });
    const held = best as { index: number } | null;
    if (held) return this.hold(held.index, point, camera);
    const middle = this.middles(camera).find(({ place }) => near(place) <= reach);
    return middle ? this.between(middle, camera) : null;
  }

  private hold(index: number, from: Point, camera: Camera): Taker {
    this.session.choose(index);
    const start = placeOf(this.session.items[index] ?? { ...this.session.items[0] } as never);
    const origin = start ? camera.pixel(start) : from;
    let moved = false;
    return {
      move: (now) => {
        moved ||= Math.hypot(now.x - from.x, now.y - from.y) > 3;
        if (moved) this.session.place(index, camera.place({ x: origin.x + now.x - from.x, y: origin.y + now.y - from.y }), "drag");
      },
      end: (_, cancelled) => {
        this.session.settle();
        if (cancelled && moved) this.session.undo();
      },
    };
  }

  private between({ after, place }: Middle, camera: Camera): Taker {
    const { session } = this;
    if (session.kind === "fence") {
      session.change(insertCorner(session.items, after, place));
      session.choose(after + 1);
    } else {
      session.choose(after);
      session.add(session.usual, place);
    }
    return this.hold(after + 1, camera.pixel(place), camera);
  }

  tap(place: Place): boolean {
    const { session } = this;
    if (session.adding === null) return false;
    session.add(session.adding, place);
    return true;
  }

  key(event: KeyboardEvent): boolean {
    const { session } = this;
    const taken = event.shiftKey && event.key.startsWith("Arrow") && session.chosen !== null ? this.nudge(event.key) : this.plain(event.key);
    if (taken) event.preventDefault();
    return taken;
  }

  private plain(key: string): boolean {
    const { session } = this;
    if (key === "Delete" || key === "Backspace") session.remove();
    else if (key === "Escape" && session.adding !== null) session.adding = null;
    else if (key === "Escape") this.close();
    else return false;
    return true;
  }

  /** Move the chosen item by keys, so many pixels. */
  private nudge(key: string): boolean {
    const { session } = this;
    const place = session.item && placeOf(session.item);
    const camera = this.camera();
    if (!place || !camera || session.chosen === null) return false;
    const at = camera.pixel(place);
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] as [number, number];
    session.place(session.chosen, camera.place({ x: at.x + dx * NUDGE_PX, y: at.y + dy * NUDGE_PX }), "nudge");
    return true;
  }

  private camera(): Camera | null {
    return (document.querySelector("sr-map") as { camera?: Camera } | null)?.camera ?? null;
  }
}

function spread(camera: Camera, a: Place, b: Place, after: number): Middle[] {
  const px = distance(a, b) / camera.metresPerPixelAt(a.latitude);
  return px >= MIDDLE_LEAST_PX ? [{ after, place: between(a, b, 0.5) }] : [];
}

