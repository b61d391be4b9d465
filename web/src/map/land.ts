/** The coast: rings of land in the unit square, as `tools/land.ts` wrote them. */
import type { Camera } from "./projection";

interface Ring {
  readonly from: number;
  readonly to: number;
  readonly west: number;
  readonly east: number;
  readonly north: number;
  readonly south: number;
}

/** Closer than this to the last drawn point a point is not drawn [px]. */
const THIN_PX = 0.8;

export class Land {
  private constructor(
    private readonly xy: Float32Array,
    private readonly rings: readonly Ring[],
  ) {}

  static read(bytes: ArrayBuffer): Land {
    const view = new DataView(bytes);
    const count = view.getUint32(0, true);
    const xy = new Float32Array(bytes, 4 + 4 * count);
    const rings: Ring[] = [];
    for (let i = 0, from = 0; i < count; i++) {
      const to = from + view.getUint32(4 + 4 * i, true);
      rings.push(boxed(xy, from, to));
      from = to;
    }
    return new Land(xy, rings);
  }

  /** All rings in view as one path in pixels. */
  path(camera: Camera): Path2D {
    const path = new Path2D();
    this.draw(camera, path);
    return path;
  }

  /** Draw the rings in view; the result is the number of points drawn. */
  draw(camera: Camera, to: Pick<Path2D, "moveTo" | "lineTo" | "closePath">): number {
    const view = camera.window;
    const least = 1 / camera.scale;
    let drawn = 0;
    for (const turn of [-1, 0, 1]) {
      for (const ring of this.rings) {
        if (ring.east + turn < view.west || ring.west + turn > view.east || ring.south < view.north) continue;
        if (ring.north > view.south || Math.max(ring.east - ring.west, ring.south - ring.north) < least) continue;
        drawn += this.drawRing(ring, turn, camera, to);
      }
    }
    return drawn;
  }

  private drawRing(ring: Ring, turn: number, camera: Camera, to: Pick<Path2D, "moveTo" | "lineTo" | "closePath">): number {
    const { scale } = camera;
    const [left, top] = [camera.width / 2 - (camera.x - turn) * scale, camera.height / 2 - camera.y * scale];
    let [lastX, lastY, lastCode, drawn] = [NaN, NaN, 0, 0];
    let [heldX, heldY, held] = [0, 0, false];
    for (let i = ring.from; i < ring.to; i++) {
      const x = left + (this.xy[2 * i] as number) * scale;
      const y = top + (this.xy[2 * i + 1] as number) * scale;
      const code = outside(x, y, camera);
      if (Math.abs(x - lastX) < THIN_PX && Math.abs(y - lastY) < THIN_PX) continue;
      if ((code & lastCode) !== 0) {
        [lastX, lastY, lastCode, heldX, heldY, held] = [x, y, code & lastCode, x, y, true];
        continue;
      }
      if (held) to.lineTo(heldX, heldY);
      held = false;
      if (drawn === 0) to.moveTo(x, y);
      else to.lineTo(x, y);
      drawn++;
      [lastX, lastY, lastCode] = [x, y, code];
    }
    if (held && drawn) to.lineTo(heldX, heldY);
    if (drawn) to.closePath();
    return drawn;
  }
}

/** On which sides of the picture, with a margin, a point lies out of it. */
function outside(x: number, y: number, camera: Camera): number {
  const margin = 50;
  return (x < -margin ? 1 : 0) | (x > camera.width + margin ? 2 : 0) | (y < -margin ? 4 : 0) | (y > camera.height + margin ? 8 : 0);
}

function boxed(xy: Float32Array, from: number, to: number): Ring {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = from; i < to; i++) {
    const [x, y] = [xy[2 * i] as number, xy[2 * i + 1] as number];
    west = Math.min(west, x);
    east = Math.max(east, x);
    north = Math.min(north, y);
    south = Math.max(south, y);
  }
  return { from, to, west, east, north, south };
}
