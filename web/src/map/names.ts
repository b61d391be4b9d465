/** Collects the names that a picture wants and what they must keep off, places them, and draws them. */
import { svg, type SVGTemplateResult } from "lit";
import { place, type Box, type Placed, type Segment, type Side } from "./labels";
import { round, segmentsOf } from "./line";
import type { Camera, Place, Point } from "./projection";

/** A picture that has a size, and perhaps places. */
type Surface = Camera | { readonly width: number; readonly height: number };
import { measure, type Measure } from "./text";

export interface Run {
  readonly text: string;
  readonly bold?: boolean;
  /** Class of its colour: ink, ink2, ink3, radio, guidance, caution ... */
  readonly tone?: string;
}

export interface Name {
  readonly key: string;
  readonly at: Point;
  readonly runs: readonly Run[];
  readonly size?: number;
  readonly gap?: number;
  readonly need: number;
  readonly must?: boolean;
  readonly sides?: readonly Side[];
  /** Drawn by someone else (names that move). */
  readonly held?: boolean;
}

const SIZE = 11;
const LINE_HEIGHT = 1.2;
/** From the top of a text's box to its base line, in sizes. */
const BASE = 0.94;

/** Space between two runs of one text [px], in sizes. */
export const RUN_SPACE = 0.3;

export class Names {
  private readonly names: Name[] = [];
  private readonly taken: Box[] = [];
  private readonly lines: Segment[] = [];

  constructor(
    private readonly surface: Surface,
    private readonly widthOf: Measure = measure,
  ) {}

  add(name: Name): void {
    const { width, height } = this.surface;
    const seen = name.at.x > -40 && name.at.y > -40 && name.at.x < width + 40 && name.at.y < height + 40;
    if (name.runs.length > 0 && (seen || name.must)) this.names.push(name);
  }

  block(box: Box): void {
    this.taken.push(box);
  }

  /** A symbol about a point. */
  symbol(at: Point, half: number): void {
    this.block({ x: at.x - half, y: at.y - half, width: 2 * half, height: 2 * half });
  }

  /** A line through places of a map. */
  line(places: readonly Place[]): void {
    if ("pixel" in this.surface) this.lines.push(...segmentsOf(places, this.surface));
  }

  /** A line through points of the picture. */
  points(points: readonly Point[]): void {
    points.slice(1).forEach((b, i) => {
      const a = points[i] as Point;
      this.lines.push({ x1: a.x, y1: a.y, x2: b.x, y2: b.y });
    });
  }

  private width(name: Name): number {
    const size = name.size ?? SIZE;
    const texts = name.runs.reduce((sum, run) => sum + this.widthOf(run.text, size, run.bold ?? false), 0);
    return texts + (name.runs.length - 1) * RUN_SPACE * size + 2;
  }

  place(): Map<string, Placed> {
    const { width, height } = this.surface;
    const wishes = this.names.map((name) => ({
      key: name.key, x: name.at.x, y: name.at.y, width: this.width(name), height: (name.size ?? SIZE) * LINE_HEIGHT,
      gap: name.gap ?? 8, need: name.need, must: name.must ?? false, sides: name.sides ?? [],
    }));
    const surface = { width, height, taken: this.taken, lines: this.lines };
    return new Map(place(wishes, surface).map((one) => [one.key, one]));
  }

  draw(placed: ReadonlyMap<string, Placed>): SVGTemplateResult[] {
    return this.names.filter((name) => !name.held).flatMap((name) => {
      const found = placed.get(name.key);
      return found ? [drawName(name, found)] : [];
    });
  }
}

/** One name at its place. */
export function drawName(name: Name, placed: Placed): SVGTemplateResult {
  const size = name.size ?? SIZE;
  const { box, leader } = placed;
  const line = leader
    ? svg`<path class="leader" d="M${round(leader.x1)} ${round(leader.y1)}L${round(leader.x2)} ${round(leader.y2)}"/>`
    : null;
  return svg`${line}<text class="name" data-name=${name.key} x=${round(box.x + 1)} y=${round(box.y + size * BASE)} font-size=${size}>${runs(name)}</text>`;
}

export function runs(name: Pick<Name, "runs" | "size">): SVGTemplateResult[] {
  const size = name.size ?? SIZE;
  return name.runs.map((run, i) => {
    const tone = `${run.tone ?? "ink2"}${run.bold ? " bold" : ""}`;
    return svg`<tspan class=${tone} dx=${i ? RUN_SPACE * size : 0}>${run.text}</tspan>`;
  });
}
