/**
 * Names on the map, placed so that no two text boxes ever cross and none leaves the picture.
 *
 * The greatest need goes first. Each name tries the sides of its place that it prefers, then the others; places that cross
 * a box are never taken, places that cross lines cost. A name that must stand walks outwards with a leader until it is
 * free; one that need not is left out.
 */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Side = "e" | "w" | "n" | "s" | "ne" | "se" | "nw" | "sw";

export interface Wish {
  readonly key: string;
  /** The place that is named [px]. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Room between the place and its name [px]. */
  readonly gap: number;
  /** Greater goes first. */
  readonly need: number;
  /** Stands in any case, farther off with a leader if need be. */
  readonly must?: boolean;
  readonly sides?: readonly Side[];
}

export interface Placed {
  readonly key: string;
  readonly box: Box;
  /** From the place to the name, where that stands off. */
  readonly leader: { x1: number; y1: number; x2: number; y2: number } | null;
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Boxes that no name may cover: symbols, scale, buttons. */
  readonly taken: readonly Box[];
  /** Lines that a name had better not lie on. */
  readonly lines: readonly Segment[];
}

const ALL: readonly Side[] = ["e", "w", "n", "s", "ne", "se", "nw", "sw"];
const SIDES: Record<Side, readonly [number, number]> = {
  e: [1, 0], w: [-1, 0], n: [0, -1], s: [0, 1], ne: [1, -1], se: [1, 1], nw: [-1, -1], sw: [-1, 1],
};
/** Air kept around every text box [px]. */
const AIR = 2;
const LINE_COST = 1.5;
const SIDE_COST = 0.4;
/** How far a name that must stand may walk [px]. */
const FARTHEST = 260;

/** Do two boxes share any area? */
export function crossing(a: Box, b: Box, air = 0): boolean {
  return (
    a.x < b.x + b.width + air && b.x < a.x + a.width + air && a.y < b.y + b.height + air && b.y < a.y + a.height + air
  );
}

/** Does a segment touch a box? */
export function touches(s: Segment, b: Box): boolean {
  let [from, to] = [0, 1];
  const clip = (p: number, q: number) => {
    if (p === 0) return q >= 0;
    const r = q / p;
    if (p < 0) from = Math.max(from, r);
    else to = Math.min(to, r);
    return from <= to;
  };
  const [dx, dy] = [s.x2 - s.x1, s.y2 - s.y1];
  return clip(-dx, s.x1 - b.x) && clip(dx, b.x + b.width - s.x1) && clip(-dy, s.y1 - b.y) && clip(dy, b.y + b.height - s.y1);
}

/** Place as many names as fit. */
export function place(wishes: readonly Wish[], surface: Surface): Placed[] {
  const placed: Placed[] = [];
  const boxes: Box[] = [...surface.taken];
  for (const wish of [...wishes].sort((a, b) => b.need - a.need)) {
    const found = beside(wish, surface, boxes) ?? (wish.must ? farther(wish, surface, boxes) : null);
    if (!found) continue;
    placed.push(found);
    boxes.push(found.box);
  }
  return placed;
}

function inside(box: Box, surface: Surface): boolean {
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= surface.width && box.y + box.height <= surface.height;
}

function free(box: Box, surface: Surface, boxes: readonly Box[]): boolean {
  return inside(box, surface) && !boxes.some((other) => crossing(box, other, AIR));
}

/** The box of a name on a side of its place, `gap` away. */
export function boxOn(wish: Wish, side: Side, gap = wish.gap): Box {
  const [across, down] = SIDES[side];
  const diagonal = across !== 0 && down !== 0 ? Math.SQRT1_2 : 1;
  const x = wish.x + across * gap * diagonal - (across === 0 ? wish.width / 2 : across < 0 ? wish.width : 0);
  const y = wish.y + down * gap * diagonal - (down === 0 ? wish.height / 2 : down < 0 ? wish.height : 0);
  return { x, y, width: wish.width, height: wish.height };
}

function beside(wish: Wish, surface: Surface, boxes: readonly Box[]): Placed | null {
  const order = [...(wish.sides ?? []), ...ALL.filter((side) => !wish.sides?.includes(side))];
  let best: { box: Box; cost: number } | null = null;
  const about = { x: wish.x - wish.gap - wish.width, y: wish.y - wish.gap - wish.height, width: 2 * (wish.gap + wish.width), height: 2 * (wish.gap + wish.height) };
  const lines = surface.lines.filter((line) => touches(line, about));
  const near = boxes.filter((box) => crossing(about, box, AIR));
  for (const [i, side] of order.entries()) {
    const box = boxOn(wish, side);
    if (!free(box, surface, near)) continue;
    const cost = i * SIDE_COST + LINE_COST * lines.filter((line) => touches(line, box)).length;
    if (best === null || cost < best.cost) best = { box, cost };
  }
  return best && { key: wish.key, box: best.box, leader: null };
}

function farther(wish: Wish, surface: Surface, boxes: readonly Box[]): Placed | null {
  for (let reach = wish.gap + 10; reach <= FARTHEST; reach += 10) {
    for (const side of ALL) {
      const box = boxOn(wish, side, reach);
      if (free(box, surface, boxes)) return { key: wish.key, box, leader: leader(wish, box) };
    }
  }
  return null;
}

function leader(wish: Wish, box: Box): Placed["leader"] {
  const x2 = Math.max(box.x, Math.min(wish.x, box.x + box.width));
  const y2 = Math.max(box.y, Math.min(wish.y, box.y + box.height));
  const length = Math.hypot(x2 - wish.x, y2 - wish.y) || 1;
  const start = Math.min(wish.gap, length);
  return { x1: wish.x + ((x2 - wish.x) / length) * start, y1: wish.y + ((y2 - wish.y) / length) * start, x2, y2 };
}
