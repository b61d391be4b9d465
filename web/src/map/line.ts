/** Lines in pixels: clipped to the picture, so that dashes and ticks stay cheap at any zoom. */
import type { Segment } from "./labels";
import type { Camera, Place, Point } from "./projection";

/** Lines are kept so far beyond the picture [px]. */
const MARGIN = 60;

/** The part of a segment near the picture, or null. */
export function clipped(a: Point, b: Point, width: number, height: number, margin = MARGIN): [Point, Point] | null {
  let [from, to] = [0, 1];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  for (const [p, q] of [[-dx, a.x + margin], [dx, width + margin - a.x], [-dy, a.y + margin], [dy, height + margin - a.y]] as const) {
    if (p === 0 && q < 0) return null;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  if (from > to || Number.isNaN(from + to)) return null;
  return [{ x: a.x + dx * from, y: a.y + dy * from }, { x: a.x + dx * to, y: a.y + dy * to }];
}

const near = (a: Point, b: Point) => Math.abs(a.x - b.x) < 1e-6 && Math.abs(a.y - b.y) < 1e-6;

/** A line of places as the data of an SVG path. */
export function pathOf(places: readonly Place[], camera: Camera, closed = false): string {
  return pathOfPoints(places.map((one) => camera.pixel(one)), camera, closed);
}

export function pathOfPoints(points: readonly Point[], view: { width: number; height: number }, closed = false): string {
  const all = closed && points.length > 2 ? [...points, points[0] as Point] : points;
  let path = "";
  let pen: Point | null = null;
  for (let i = 1; i < all.length; i++) {
    const part = clipped(all[i - 1] as Point, all[i] as Point, view.width, view.height);
    if (!part) continue;
    if (!pen || !near(pen, part[0])) path += `M${round(part[0].x)} ${round(part[0].y)}`;
    path += `L${round(part[1].x)} ${round(part[1].y)}`;
    pen = part[1];
  }
  return path;
}

/** An area's outline, not clipped piece by piece, so that its fill stays whole. */
export function areaOf(places: readonly Place[], camera: Camera): string {
  const points = places.map((one) => camera.pixel(one));
  return points.length ? `M${points.map((p) => `${round(p.x)} ${round(p.y)}`).join("L")}Z` : "";
}

/** Segments in view of a line, for the names to keep off. */
export function segmentsOf(places: readonly Place[], camera: Camera): Segment[] {
  const points = places.map((one) => camera.pixel(one));
  return points.slice(1).flatMap((b, i) => {
    const part = clipped(points[i] as Point, b, camera.width, camera.height, 0);
    return part ? [{ x1: part[0].x, y1: part[0].y, x2: part[1].x, y2: part[1].y }] : [];
  });
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Ticks along a closed line, on one side of it: `side` +1 left of the way, -1 right [px on a picture with y down]. */
export function ticks(points: readonly Point[], side: number, view: { width: number; height: number }, every = 14, length = 4.5): string {
  let path = "";
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length] as Point;
    const whole = Math.hypot(b.x - a.x, b.y - a.y);
    const part = clipped(a, b, view.width, view.height, 10);
    if (whole < 1 || !part) return;
    const [ux, uy] = [(b.x - a.x) / whole, (b.y - a.y) / whole];
    const start = Math.hypot(part[0].x - a.x, part[0].y - a.y);
    const end = Math.hypot(part[1].x - a.x, part[1].y - a.y);
    for (let s = every * Math.ceil((start - every / 2) / every) + every / 2; s < end; s += every) {
      path += `M${round(a.x + ux * s)} ${round(a.y + uy * s)}l${round(uy * length * side)} ${round(-ux * length * side)}`;
    }
  });
  return path;
}

/** Twice the signed area: positive when the points run clockwise on a picture with y down. */
export function turning(points: readonly Point[]): number {
  return points.reduce((sum, a, i) => {
    const b = points[(i + 1) % points.length] as Point;
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
}
