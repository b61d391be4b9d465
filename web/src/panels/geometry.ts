/** Where things stand on the instruments: pure numbers, tested against the read-outs. Shown units in, pixels out. */

export const DEGREES = 180 / Math.PI;

/** A moving tape: `shown` stands at `centre`, greater values above. */
export interface Tape {
  readonly shown: number;
  readonly centre: number;
  readonly perUnit: number;
}

/** Height on the picture of a value on a vertical tape [px]. */
export function tapeY(value: number, tape: Tape): number {
  return tape.centre - (value - tape.shown) * tape.perUnit;
}

export interface Tick {
  readonly value: number;
  readonly at: number;
  readonly major: boolean;
}

/** Ticks of a vertical tape between two heights of the picture; every `major`-th step carries a figure. */
export function tapeTicks(tape: Tape, top: number, bottom: number, step: number, major: number, least = -Infinity): Tick[] {
  const low = tape.shown - (bottom - tape.centre) / tape.perUnit;
  const high = tape.shown + (tape.centre - top) / tape.perUnit;
  const ticks: Tick[] = [];
  for (let i = Math.ceil(Math.max(low, least) / step); i * step <= high; i++) {
    ticks.push({ value: i * step, at: tapeY(i * step, tape), major: i % major === 0 });
  }
  return ticks;
}

/** The smallest turn from one heading to another, -180 to 180 [deg]. */
export function turn(from: number, to: number): number {
  return ((((to - from) % 360) + 540) % 360) - 180;
}

/** Ticks of a heading tape, which wraps at north. */
export function headingTicks(shown: number, centre: number, perDegree: number, half: number, step = 5): Tick[] {
  const ticks: Tick[] = [];
  const span = half / perDegree;
  for (let i = Math.ceil((shown - span) / step); i * step <= shown + span; i++) {
    const value = ((i * step) % 360 + 360) % 360;
    ticks.push({ value, at: centre + (i * step - shown) * perDegree, major: i % 2 === 0 });
  }
  return ticks;
}

/** How near a limit is: at rest it is grey hatch, it lights only as it is approached. */
export type Nearness = "rest" | "near" | "past";

/** Nearness of a lower limit: amber within `band` above it, red at or below. */
export function nearLower(value: number, limit: number, band: number): Nearness {
  if (value <= limit) return "past";
  return value <= limit + band ? "near" : "rest";
}

/** Nearness of an upper limit. */
export function nearUpper(value: number, limit: number, band: number): Nearness {
  return nearLower(-value, -limit, band);
}

/** Offset of the flight path vector from the aircraft's symbol [px]: right by drift, down by the angle below the nose. */
export function pathVector(
  state: { theta: number; psi: number; ground: number; course: number; climb: number },
  perDegree: number,
): { x: number; y: number } | null {
  if (state.ground < 5) return null; // below taxi speed a path has no direction
  const slope = Math.atan2(state.climb, state.ground) * DEGREES;
  const drift = turn(state.psi * DEGREES, state.course * DEGREES);
  const clamp = (v: number, most: number) => Math.max(-most, Math.min(most, v));
  return { x: clamp(drift * perDegree, 90), y: clamp((state.theta * DEGREES - slope) * perDegree, 100) };
}

/** Time step of an axis: the nearest of the list that leaves `room` px between labels [s]. */
export function timeStep(span_s: number, width: number, room = 44): number {
  const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600];
  return steps.find((step) => (step / span_s) * width >= room) ?? 43200;
}

/** Thin a curve to what `tolerance` px lets be seen (Douglas and Peucker 1973). */
export function thin(points: readonly (readonly [number, number])[], tolerance = 0.3): (readonly [number, number])[] {
  if (points.length < 3) return [...points];
  const keep = new Set<number>([0, points.length - 1]);
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const worst = farthest(points, span[0], span[1]);
    if (worst.distance <= tolerance) continue;
    keep.add(worst.index);
    spans.push([span[0], worst.index], [worst.index, span[1]]);
  }
  return [...keep].sort((a, b) => a - b).map((i) => points[i]!);
}

function farthest(points: readonly (readonly [number, number])[], first: number, last: number) {
  const [x0, y0] = points[first]!;
  const [x1, y1] = points[last]!;
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  let found = { index: first, distance: 0 };
  for (let i = first + 1; i < last; i++) {
    const [x, y] = points[i]!;
    const distance = Math.abs((y1 - y0) * (x - x0) - (x1 - x0) * (y - y0)) / length;
    if (distance > found.distance) found = { index: i, distance };
  }
  return found;
}

/** An SVG path through points. */
export function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}
